"""An application that relies on genkan, made of Authlib and requests: plays the scenario named on the command line.

Line by line it prints the addresses that its person is to open, and reads where the person came back.
"""

import json
import os
import sys
import time

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import ClientSecretJWT, PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

GIVEN = json.loads(os.environ["PARTY"])
SERVER = requests.get(f"{GIVEN['issuer']}/.well-known/openid-configuration", timeout=10).json()
CALLBACK = GIVEN["callback"]


def session(method="client_secret_basic", **more):
    made = OAuth2Session(
        GIVEN["client_id"], GIVEN.get("client_secret"), token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method, redirect_uri=CALLBACK, scope=GIVEN["scopes"], **more)
    if method == "private_key_jwt":
        made.client_secret = GIVEN["private_key"]
        made.register_client_auth_method(PrivateKeyJWT(SERVER["token_endpoint"], alg="RS256"))
    if method == "client_secret_jwt":
        made.register_client_auth_method(ClientSecretJWT(SERVER["token_endpoint"]))
    return made


def visit(address):
    print(address, flush=True)
    return sys.stdin.readline().strip()


def check_id_token(token, nonce):
    """Checks signature and claims, and returns the claims."""
    keys = KeySet.import_key_set(requests.get(SERVER["jwks_uri"], timeout=10).json())
    read = jwt.decode(token["id_token"], keys, algorithms=SERVER["id_token_signing_alg_values_supported"])
    options = {"iss": {"essential": True, "value": SERVER["issuer"]}, "aud": {"essential": True, "value": GIVEN["client_id"]}}
    params = {"nonce": nonce, "client_id": GIVEN["client_id"], "access_token": token["access_token"]}
    claims = CodeIDToken(read.claims, read.header, options, params)
    claims.validate(now=int(time.time()), leeway=60)
    return claims


def sign_in(made, **more):
    """Sends the person through genkan; returns the tokens and the checked claims."""
    verifier, nonce = generate_token(48), generate_token(20)
    made.code_challenge_method = "S256"
    address, state = made.create_authorization_url(SERVER["authorization_endpoint"], code_verifier=verifier, nonce=nonce, **more)
    answer = visit(address)
    token = made.fetch_token(SERVER["token_endpoint"], authorization_response=answer, state=state, code_verifier=verifier)
    return token, check_id_token(token, nonce)


def refused(error, act):
    try:
        act()
    except OAuthError as refusal:
        assert refusal.error == error, refusal.error
    else:
        raise AssertionError(f"not refused with {error}")


def code(method="client_secret_basic"):
    made = session(method)
    _, claims = sign_in(made)
    told = made.get(SERVER["userinfo_endpoint"], timeout=10).json()
    assert claims["sub"] == told["sub"] == GIVEN["person"], (claims, told)
    assert told["email"] == GIVEN["email"]


def refresh():
    made = session()
    first, _ = sign_in(made)
    second = made.refresh_token(SERVER["token_endpoint"], refresh_token=first["refresh_token"])
    assert second["refresh_token"] != first["refresh_token"]
    refused("invalid_grant", lambda: made.refresh_token(SERVER["token_endpoint"], refresh_token=first["refresh_token"]))
    refused("invalid_grant", lambda: made.refresh_token(SERVER["token_endpoint"], refresh_token=second["refresh_token"]))


def take_back():
    made = session()
    token, _ = sign_in(made)
    ask = lambda: made.introspect_token(SERVER["introspection_endpoint"], token=token["access_token"]).json()  # noqa: E731
    assert ask()["active"] is True
    assert made.revoke_token(SERVER["revocation_endpoint"], token=token["access_token"]).status_code == 200
    assert ask() == {"active": False}


def own_behalf():
    made = session()
    token = made.fetch_token(SERVER["token_endpoint"], grant_type="client_credentials", scope="tea:pour")
    assert token["token_type"] == "Bearer" and "refresh_token" not in token, sorted(token)
    assert made.get(SERVER["userinfo_endpoint"], timeout=10).status_code in (401, 403)


def wrong_secret():
    GIVEN["client_secret"] = "not the secret"
    refused("invalid_client", lambda: session().fetch_token(SERVER["token_endpoint"], grant_type="client_credentials"))


SCENARIOS = {
    "client_secret_basic": code,
    "client_secret_post": lambda: code("client_secret_post"),
    "client_secret_jwt": lambda: code("client_secret_jwt"),
    "private_key_jwt": lambda: code("private_key_jwt"),
    "none": lambda: code("none"),
    "refresh": refresh,
    "take_back": take_back,
    "own_behalf": own_behalf,
    "wrong_secret": wrong_secret,
}

if __name__ == "__main__":
    SCENARIOS[sys.argv[1]]()
