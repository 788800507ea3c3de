# English. Same keys in the same order as ja.ftl: the build fails otherwise.

## The frame

skip = Skip to content
header-sign-out = Sign out
language-change = Change language
title-fault = Please check
optional = (optional)
back = Back
provider-unnamed = the other site

## Sign-in

signin-title = Sign in
signin-lead = Welcome. Come in the way you like.
signin-identifier = User name or e-mail address
signin-password = Password
signin-submit = Sign in
signin-forgot = Forgotten your password?
signin-new = New here?
signin-register = Make an account
signin-providers-heading = Other ways to sign in
provider-continue = Continue with { $name }
provider-troubled = having trouble just now
again-title = Sign in once more
again-lead = You are signed in as { $name }. For the change you are about to make, please sign in once more, so that we know it is you.

## Registration

signup-title = Make an account
signup-lead = A few lines, and you are in.
signup-name = Name
signup-name-hint = What we should call you.
signup-username = User name
signup-username-hint = For signing in: Latin letters, digits, and . _ -
signup-email = E-mail address
signup-password = Password
signup-submit = Make account
signup-have = Have an account already?
signup-providers-heading = Without a password
signup-closed-title = By invitation only
signup-closed-text = This site does not take new accounts without an invitation, or the one you used does not work any more. Ask whoever invited you for a new link.
password-hint = At least { $min } characters. A few words in a row make a good one.

## Account

account-title = Your account
account-operator = Operator
account-profile-heading = Name and address
account-profile-submit = Save
account-password-heading = Password
account-password-add-heading = Add a password
account-password-add-lead = So far you sign in without a password. With one you have a second way in.
account-password-lead = Your user name is { $name }. A new password signs you out everywhere else.
account-password-current = Current password
account-password-new = New password
account-password-change-submit = Change password
account-password-add-submit = Add password
account-ways-heading = Ways to sign in
account-ways-lead = Whatever is linked here lets you in. Removing it signs you out of other browsers that came in with it.
account-way-since = linked on { $date }
account-way-last = Your only way in, so it stays.
account-way-unlinked = not linked
account-way-add = Add
account-way-add-label = Add { $name }
account-way-remove = Remove
account-way-remove-label = Remove { $name }
account-sessions-heading = Where you are signed in
account-session-current = This browser
account-session-password = with password
account-session-method = with { $name }
account-session-since = since { $date }
account-session-seen = last used { $date }
account-session-end = Sign out there
account-session-end-label = Sign out there: { $name }
account-sessions-end-others = Sign out everywhere else

## On the way to a provider and back

interstitial-title = Continue with { $name }
interstitial-lead = You are about to go to { $name } and come straight back.
interstitial-learns = { $name } tells us who you are: a name and, if you agree, an e-mail address.
interstitial-password = Your password at { $name } stays there. We never see it.
interstitial-link = Afterwards you can also sign in to your account here with { $name }.
in-app = This looks like a browser inside another app, which many sign-in pages refuse. Better open this page in your usual browser: the app’s menu often offers that.
interstitial-back = Choose another way
bounce-title = Almost there
bounce-lead = { $name } has sent you back. One last step and we can finish your sign-in.
bounce-submit = Finish

## Does this browser keep cookies?

cookies-title = Cookies in this browser
cookies-kept = Your browser keeps cookies for this site.
cookies-kept-hint = So signing in can work. If it failed a moment ago, you probably came back in another window or another browser: start again, and stay in this one.
cookies-refused = Your browser does not keep cookies for this site.
cookies-refused-hint = A sign-in needs one, to know that it is you who comes back. Please look at these, then check again:
cookies-check-settings = The settings of your browser: allow cookies, at least for this site.
cookies-check-extensions = Extensions and privacy tools: make an exception for this site.
cookies-check-app = A browser inside another app: open this page in your usual browser instead.
cookies-again = Check again

## Password reset

forgot-title = Forgotten your password?
forgot-lead = This site sends no mail. The people who run it can give you a link with which you set a new password.
forgot-other = If you have linked another way to sign in, you can come in with that and set a new password afterwards.
reset-title = Set a new password
reset-lead = Afterwards you are signed out everywhere and sign in with the new password.
reset-password = New password
reset-submit = Set password
reset-invalid-title = This link does not work any more
reset-invalid-text = Such a link works once and for a limited time. Ask for a new one with “Forgotten your password?”.
reset-to-signin = Go to sign-in

## Faults of forms

fault-summary = Please look at this again:
fault-credentials = User name and password do not match. Check both; is Caps Lock on?
fault-throttled =
    There were too many tries. Please wait { $minutes ->
        [one] a minute
       *[other] { $minutes } minutes
    } and try again.
fault-busy = A lot of people are signing in just now. Please try again in a few seconds.
fault-not-fresh = For this change, please sign in once more first, so that we know it is you.
fault-not-fresh-link = Sign in again
fault-name-empty = Please tell us what to call you.
fault-name-too-long = This name is too long. 100 characters are the most we can keep.
fault-name-forbidden = This name has invisible or control characters in it. Please type it anew.
fault-username-empty = Please choose a user name.
fault-username-too-long = This user name is too long. 64 characters are the most.
fault-username-forbidden = A user name has Latin letters, digits and . _ - only, and begins with a letter or digit.
fault-username-taken = Somebody else has this user name. Please choose another one.
fault-email-missing = Please give an e-mail address.
fault-email-too-long = This address is too long.
fault-email-malformed = This does not look like an e-mail address. An example: hanako@example.com
fault-email-domain = Addresses of this domain cannot be used here.
fault-email-taken = This address belongs to an account already. Sign in, or use another address.
fault-password-too-short = This password is too short. It needs at least { $min } characters.
fault-password-too-long = This password is too long. 128 characters are the most.
fault-password-too-common = This is one of the passwords that everybody tries first. Please choose another one.
fault-password-too-personal = This password is built on a name or address that others can guess. Please choose another one.
fault-password-wrong = This is not your current password.

## What went well

notice-signed-out = You are signed out. See you soon.
notice-welcome = Welcome. Your account is ready.
notice-profile-saved = Saved.
notice-password-changed = Your password is changed. Everywhere else you are signed out.
notice-password-added = Your password is set. You can sign in with it from now on.
notice-password-reset = Your new password is set. Sign in with it now.
notice-linked = Linked. From now on you can sign in that way too.
notice-unlinked = Removed. It no longer lets you in here.
notice-session-ended = That browser is signed out.
notice-sessions-ended = You are signed out everywhere else.

## Error pages

error-reference = Reference
error-home = Go to the entrance
error-bad-request-title = That did not arrive whole
error-bad-request-text = Your browser sent something that we could not read. Please go back and try again.
error-forbidden-title = This form is no longer valid
error-forbidden-text = The page was open for too long, or the request came from another site. Please go back, reload the page and try again.
error-not-found-title = There is nothing here
error-not-found-text = The address may be mistyped, or the page has moved away.
error-method-title = This page is opened differently
error-method-text = You have probably reloaded a page that only a form leads to. Please start again at the entrance.
error-too-large-title = That was too much at once
error-too-large-text = What your browser sent is larger than anything we take. Please shorten it.
error-throttled-title = One moment, please
error-throttled-text = Too many requests came from your side in a short time. Please wait a little and try again.
error-busy-title = Very busy just now
error-busy-text = This is on our side. Please try again in a few seconds.
error-internal-title = Sorry, something went wrong here
error-internal-text = This is our fault, not yours. Please try again later. If it stays, tell the people who run this site the reference below.

## Failed sign-ins: one headline per category, one remedy, one sentence or two per cause

flash-user_cancelled-title = Cancelled. Nothing has changed
flash-browser_environment-title = Something got lost on the way
flash-idp_outage-title = { $provider } is having trouble
flash-other-title = Sorry, that did not work
flash-reference = Reference
flash-cookies = See whether this browser keeps cookies for this site
flash-retry = Try { $provider } again
remedy-cancelled = Start again whenever you like, the same way or another.
remedy-retry = Please start again from this page.
remedy-retry-one-browser = Please start again in one ordinary browser window, with cookies allowed and not inside another app, and stay in it until you are back here.
remedy-wait = Please try again in a few minutes.
remedy-outage = It is not your fault. Please wait a few minutes and try again.
remedy-outage-other-ways = It is not your fault. Please wait a few minutes, or use one of the other ways below.
remedy-link = When you sign in below, you come to your account, where you can do that.
remedy-contact-support = If you need help, give the people who run this site the reference.
remedy-none = You need not do anything.

cause-consent_denied = You decided not to go on at { $provider }.
cause-consent_partial = A permission that this site needs was not given at { $provider }, so we stopped there.
cause-access_revoked = This site’s access has been withdrawn at { $provider }.

cause-cookie_missing = Your browser did not bring along the cookie that holds a sign-in together. Perhaps it blocks cookies, or you came back in another browser than you left with.
cause-form_expired = The page had been open for too long, or came from your browser’s memory, so its form was no longer valid.
cause-state_missing = Your browser came back without the part of the answer that says which sign-in it belongs to.
cause-state_unknown = The answer belongs to a sign-in that this browser does not know: from an old tab, an old link, or another browser.
cause-attempt_expired = The sign-in was begun too long ago and is no longer valid.
cause-attempt_repeated = This answer had been used already, by a reload, the Back button, or a link opened twice.
cause-query_missing = Your browser came back without any answer. An app, an extension or a bookmark may have cut it off.
cause-query_malformed = The answer was damaged on its way through your browser.
cause-code_missing = The answer was cut off on its way through your browser.
cause-code_unusable = The answer from { $provider } had been used already or was too old.
cause-auto_login_failed = { $provider } could not sign you in without asking on this device. Start again; it will ask you this time.
cause-link_session_changed = While you were away, you were signed out here or somebody else signed in, so nothing was linked.

cause-authorization_server_error = { $provider } reported a fault of its own.
cause-authorization_unavailable = { $provider } says that it cannot sign anybody in right now.
cause-token_unreachable = We could not reach { $provider } to finish your sign-in.
cause-token_timeout = { $provider } took too long to answer when we wanted to finish your sign-in.
cause-token_connection_lost = The connection to { $provider } broke before your sign-in was finished.
cause-token_server_error = { $provider } reported a fault of its own when we wanted to finish your sign-in.
cause-token_rate_limited = { $provider } lets too few sign-ins through at the moment.
cause-token_unreadable = { $provider } sent an answer that cannot be read when we wanted to finish your sign-in.
cause-profile_unreachable = We could not reach { $provider } to ask who you are.
cause-profile_timeout = { $provider } took too long to tell us who you are.
cause-profile_connection_lost = The connection to { $provider } broke while it told us who you are.
cause-profile_server_error = { $provider } reported a fault of its own when we asked who you are.
cause-profile_rate_limited = { $provider } answers too few questions at the moment to tell us who you are.
cause-profile_unreadable = { $provider } sent an answer that cannot be read when we asked who you are.
cause-discovery_unreachable = We could not reach { $provider } to begin your sign-in.
cause-discovery_timeout = { $provider } took too long to answer before your sign-in could begin.
cause-discovery_unreadable = { $provider } sent an answer that cannot be read before your sign-in could begin.
cause-keys_unreachable = We could not reach { $provider } for the keys with which we check its answers.
cause-keys_timeout = { $provider } took too long to send the keys with which we check its answers.
cause-keys_unreadable = { $provider } sent keys that cannot be read, so we could not check its answer.

cause-cross_site_request = The request came from another site, so to be safe we did nothing.
cause-parameter_repeated = The answer contained something twice, which a genuine one never does, so we did not trust it.
cause-parameter_too_long = The answer was larger than a genuine one ever is, so we did not trust it.
cause-state_of_other_provider = You set out to another place than { $provider }, where the answer came from, so we did not trust it.
cause-issuer_mismatch = The answer says that it is not from { $provider }, so we did not trust it.
cause-issuer_missing = The answer does not say that it is from { $provider }, so we did not trust it.
cause-nonce_missing = The confirmation from { $provider } does not say which sign-in it is for, so we did not trust it.
cause-nonce_mismatch = The confirmation from { $provider } was made for another sign-in, so we did not trust it.
cause-id_token_signature_invalid = The confirmation does not carry the seal of { $provider }, so we did not trust it.
cause-id_token_issuer_mismatch = The confirmation was not made by { $provider }, so we did not trust it.
cause-id_token_audience_mismatch = The confirmation from { $provider } was made for another site, so we did not trust it.
cause-id_token_hash_mismatch = The parts of the answer from { $provider } do not belong together, so we did not trust it.
cause-subject_mismatch = { $provider } told us about two different people, so we did not trust the answer.

cause-provider_unknown = This way to sign in does not exist here, or no longer. You may have followed an old link.
cause-response_contradictory = { $provider } said yes and no at once, so we stopped.
cause-authorization_refused = { $provider } did not accept our request. The mistake is most likely on our side.
cause-interaction_required = { $provider } wants something more from you and did not show it. Sign in there first, then come back.
cause-client_refused = { $provider } does not recognise this site. This is our mistake, not yours.
cause-verifier_refused = { $provider } could not tell that the sign-in was begun here. This is our mistake, not yours.
cause-token_refused = { $provider } refused to finish your sign-in. The mistake is most likely on our side.
cause-token_malformed = The answer from { $provider } lacks what is needed to finish your sign-in.
cause-id_token_missing = The answer from { $provider } lacks the confirmation of who you are.
cause-id_token_malformed = The confirmation from { $provider } is not in a form that we can check.
cause-id_token_algorithm_unexpected = The confirmation from { $provider } is sealed in a way that was not agreed on.
cause-id_token_key_unknown = The confirmation from { $provider } is sealed with a key that nobody has published.
cause-id_token_expired = The confirmation from { $provider } had expired on arrival: its clock and ours do not agree.
cause-id_token_from_future = The confirmation from { $provider } is dated in the future: its clock and ours do not agree.
cause-subject_missing = { $provider } did not tell us who you are.
cause-profile_token_refused = { $provider } let you in, but then would not tell us who you are. It usually works at the second try.
cause-profile_refused = { $provider } would not tell us who you are. The mistake is most likely on our side.
cause-profile_malformed = What { $provider } told us about you is not in a form that we can check.
cause-discovery_refused = Where { $provider } should be, we found nothing. This is our mistake, not yours.
cause-discovery_invalid = What { $provider } says about itself does not fit what we know of it, so we did not send you there.
cause-keys_refused = The keys of { $provider } are not where they should be, so we could not check its answer.
cause-certificate_untrusted = We could not be sure that it was { $provider } we were talking to, so we stopped.
cause-answer_too_large = { $provider } sent more than we can take.
cause-answer_unexpected = { $provider } answered in a way that we do not understand.

cause-signup_closed = There is no account here for you yet, and new ones are made by invitation only.
cause-user_disabled = This account has been closed by the people who run this site.
cause-access_not_permitted = { $provider } does not let your account use this site. If that is wrong, ask whoever looks after accounts there.
cause-domain_not_allowed = E-mail addresses of your domain cannot be used here. Use another account at { $provider } if you have one.
cause-email_missing = { $provider } did not give us an e-mail address, and this site needs one. Please allow it there this time.
cause-email_unverified = { $provider } has not confirmed your e-mail address yet. Confirm it there, then start again.
cause-email_taken = There is an account with your e-mail address already. Sign in the way you did before, then link { $provider } to it.
cause-identity_taken = This account at { $provider } is linked to another user here. Sign in with it, or unlink it there first.
cause-last_way_in = This is your only way to sign in, so it stays. Add another one first.
cause-store_unavailable = Our own database is not answering. This is our fault, not yours.
cause-internal = Something went wrong on our side that should not be possible.

## Status

status-title = Ways to sign in
status-all-well = Every way to sign in works.
status-some-trouble = Not every way to sign in works just now. The others do.
status-away = Nobody can sign in at the moment: our own database is not answering. This is our fault, not yours.
status-password = User name and password
status-works = works
status-troubled = in trouble
status-since = since { $time }
status-past-heading = Trouble in the last 30 days
status-past-none = None.
status-going-on = still going on
status-entry = { $name } was in trouble
status-updated = As of { $time }
status-feed = Atom feed
status-link = See which ways to sign in work
status-provider = { $name } is having trouble just now. You can try it, but another way to sign in is more likely to work.
## The issuer: consent, devices, signing out for applications

application-waits = You are signing in for { $name }.
application-return = Back to { $name } without signing in
consent-title = May { $name } come in?
consent-place = If you allow it, you go on to { $place }, and the application may:
consent-as = You are signed in as { $name }.
consent-switch = Use another account
consent-unverified = Nobody at this site has checked who is behind { $name }. Allow it only if you know and trust it.
consent-new = new
consent-days = It may do so for up to { $days } days.
consent-signed-in = It may do so while you are signed in here.
consent-minutes = It may do so for { $minutes } minutes.
consent-revocable = You can take this back on your account page at any time.
consent-policy = What it does with your data
consent-terms = Its terms
consent-allow = Allow
consent-deny = Do not allow
scope-openid = know that it is you when you come back
scope-profile = see your name and user name
scope-email = see your e-mail address
scope-offline = do all of this while you are away too
scope-own = use on your behalf:
form-post-title = On to { $name }
form-post-lead = You are taken to { $name }. If nothing happens, press the button.
form-post-submit = Continue
device-title = Connect a device
device-lead = Type the code that your device shows you.
device-code = Code
device-hint = Eight letters, as in WDJB-MJHT.
device-submit = Continue
device-ask = If you allow it, the device may:
device-compare = Go on only if your own device shows this code right now:
device-allow = It is my device: allow
device-deny = Do not allow
device-allowed-title = Your device is connected
device-allowed-text = You can go back to it now. It takes a few seconds.
device-denied-title = The device was not connected
device-denied-text = It has been told. If you did not start this yourself, there is nothing else to do.
fault-device-code = No device is waiting under this code. Compare it letter by letter; codes are good for a few minutes only.
logout-title = Sign out?
logout-by = { $name } asks to sign you out here too.
logout-lead = An application asks to sign you out here too.
logout-stay = Stay signed in
lost-title = The application sent you here the wrong way
lost-unreadable = What came with you cannot be read. Go back to the application and start again; if it happens again, tell the people who run it.
lost-client = We do not know the application that sent you here. Nothing was sent to it.
lost-disabled = The people who run this site have closed the application that sent you here. Nothing was sent to it.
lost-address = The application wants the answer sent to an address that it has not registered. To keep you safe, nothing was sent. If you build it, look at its page under Applications here: it says in what the address differs.
lost-gone-title = This sign-in is over
lost-gone = It was finished already, or it took too long. Go back to the application and start again.
account-consents-heading = Applications
account-consent-since = Allowed on { $date }
account-consent-revoke = Take back
account-consent-revoke-label = Take back what { $name } was allowed
notice-consent-revoked = Taken back. The application cannot come in for you any more.

# Applications of people

applications-title = Applications
applications-lead = Programs that you let people sign in to with this site, or that fetch tokens here.
applications-empty = You have not registered any application yet.
applications-new = Register an application
applications-full = You have registered as many applications as this site allows. Delete one first, or ask whoever runs this site.
application-since = Registered { $date }
application-verified = Verified
application-disabled = Disabled
application-disabled-lead = The people who run this site have disabled this application. It gets no tokens.
application-unverified-lead = Nobody has checked yet who is behind this application; people are told so when they are asked.
application-back = All applications
application-back-account = Back to the account
application-new-title = Register an application
application-new-lead = A name, a kind and an address are enough; the rest is set as the standards advise today.
application-create = Register
application-save = Save
application-name = Name
application-name-hint = People see it when they are asked whether it may sign them in.
application-kind = What runs it
application-kind-web = A server: it can keep a secret
application-kind-native = A program on people’s devices
application-kind-spa = Script in the browser
application-redirects = Redirect addresses
application-redirects-hint = One per line, https, compared to the letter. Programs on devices may also use this machine’s own address, or a scheme of their own.
application-more = More settings
application-grants = Ways to a token
application-grant-code = People sign in here
application-grant-refresh = Tokens are renewed without asking again
application-grant-client = It speaks for itself
application-grant-device = Devices without a keyboard
application-grant-jwt = Somebody else’s signed word
application-grant-password = People’s passwords, which is a deviation
application-scopes = Scopes
application-scopes-hint = Separated by spaces: what it may ask for at most.
application-authentication = How it proves itself
application-algorithm = Algorithm of its signatures
application-jwks = Public keys (JWK Set)
application-jwks-hint = Only with private_key_jwt.
application-pkce = Require PKCE (S256); an application without a secret always needs it
application-modes = How answers may travel
application-format = Access tokens
application-audience = API that the tokens are for
application-audience-hint = Its address, which becomes the audience of access tokens.
application-access-ttl = Life of an access token, in seconds
application-refresh-ttl = Life of a refresh token, in seconds
application-ttl-hint = Leave it empty for this site’s own.
application-id-token = Signature of ID Tokens
application-post-logout = Addresses to return to after signing out
application-backchannel = Address that is told when a session ends
application-backchannel-session = The message must name the session
application-logo = Logo
application-homepage = Home page
application-policy = Privacy policy
application-terms = Terms of service
application-secret-title = Copy the client secret now
application-secret-lead = This is the only time that it is shown: only its fingerprint is kept here.
application-connect-heading = How to connect
application-client-id = Client ID
application-issuer = Issuer
application-discovery = Discovery
application-authorization = Authorization
application-token = Tokens
application-example = Try it in a terminal
application-settings-heading = Settings
application-secrets-heading = Client secret
application-secrets-lead = A new secret takes the place of the old one, which works on for a while, so that you can change over without an outage.
application-rotate = Make a new secret
application-old-until = The secret before works until { $date }.
application-end-old = End the old secret now
application-delete-heading = Delete
application-delete-lead = Everything that it was given ends at once, and nobody can sign in with it any more.
application-delete = Delete this application
application-delete-sure = Delete it for good
notice-application-saved = The application was saved.
notice-application-deleted = The application was deleted.
notice-secret-ended = The old secret does not work any more.
fault-application-name-empty = Please give it a name.
fault-application-name-long = The name is longer than 60 characters.
fault-application-name-letters = Please use letters, digits and ordinary punctuation, of scripts that are written together.
fault-application-look-alike = This name looks like that of another application. Please choose another one.
fault-redirect-malformed = An address is not complete, or not written as a browser writes it.
fault-redirect-fragment = An address must not have a # part.
fault-redirect-wildcard = An address must not have a *: addresses are compared to the letter.
fault-redirect-credentials = An address must not have a user name or password.
fault-redirect-http = An address must begin with https.
fault-redirect-scheme = A scheme of one’s own must be a reversed domain name, as in com.example.app.
fault-redirect-native = Only a program on people’s devices can have an address of this kind.
fault-redirect-missing = An address is needed, so that people come back.
fault-application-too-many = These are too many; 10 is the most.
fault-application-nothing = Please choose at least one.
fault-application-operator = Only the people who run this site can allow this.
fault-application-refresh = Tokens can only be renewed that came by sign-in or device.
fault-application-needs-secret = An application without a secret cannot speak for itself.
fault-application-no-secret = Script in the browser cannot keep a secret.
fault-application-scopes = Please write at most 32 scopes of plain characters, separated by spaces.
fault-keys-malformed = This is no JWK Set with one to eight signature keys.
fault-keys-private = This holds a private key. Make a new pair, and give us the public half only.
fault-keys-weak = An RSA key needs 2048 bits or more.
fault-keys-unfit = No key fits the algorithm that was chosen.
fault-keys-missing = This way of proving itself needs public keys.
fault-application-url = Please write a complete address that begins with https.
fault-application-number = This is not a number of seconds within the allowed range.
## Mail
mail-greeting = Hello { $name },
mail-when = When: { $time }
mail-browser = With: { $browser }
mail-not-you = If this was you, there is nothing to do. If it was not, sign in, change your password and end the sessions that you do not know: { $link }
mail-signature = This letter was sent by { $site } because it concerns your account there. Nobody reads answers to it.
mail-password-changed-subject = Your password was changed
mail-password-changed = The password of your account was changed. Every other session has ended.
mail-password-added-subject = A password was added to your account
mail-password-added = Your account has a password now, so that one can sign in with it.
mail-password-reset-subject = A new password was set
mail-password-reset = A new password was set with a link. Every session has ended.
mail-link-added-subject = { $provider } was linked to your account
mail-link-added = One can now sign in to your account with { $provider }.
mail-link-removed-subject = { $provider } was removed from your account
mail-link-removed = One can no longer sign in to your account with { $provider }. Sessions that were opened with it have ended.
mail-email-changed-subject = Your e-mail address was changed
mail-email-changed = Your account has another e-mail address now. This letter goes to the one it had before.
mail-new-device-subject = Somebody signed in with a browser that is new
mail-new-device = Somebody signed in to your account with a browser that was not used there before.
mail-many-tries-subject = Somebody tries to guess your password
mail-many-tries = The password of your account was tried in vain so often that strangers have to wait now. Your sessions go on, and browsers that you have signed in with before can still be used.
## Operators: people

ops-title = Operators
ops-find = Reference
ops-find-submit = Find
ops-more = Older
notice-acted = Done. It is kept in the audit.

ops-users-title = Users
ops-users-query = User name, proven e-mail address or id
ops-users-search = Search
ops-users-none = Nobody was found.
ops-user-disabled = Disabled
ops-user-username = User name
ops-user-email = E-mail address
ops-user-email-proven = proven
ops-user-email-claimed = not proven
ops-user-providers = Signs in with
ops-user-since = Account since
ops-user-id = Id
ops-user-acts = What you can do
ops-user-enable = Let in again
ops-user-disable = Shut out
ops-user-sign-out = Sign out everywhere
ops-user-reset = Make a link for a new password
ops-user-reset-hint = Shutting out ends every session. The link works once, within 24 hours; the password is theirs to choose, and nobody else sees it.
ops-user-reset-made = Hand this link to them, and to nobody else. It is shown only now.
ops-sessions-title = Sessions
ops-sessions-lead = Where people are signed in just now, the newest first.
ops-sessions-none = Signed in nowhere.
ops-session-end = End
ops-session-end-label = End the session: { $name }
ops-sessions-all = Everybody
ops-sessions-all-hint = After a leak, say. Everybody but you has to sign in again.
ops-sessions-all-submit = Sign everybody out
ops-audit-title = Audit
ops-audit-lead = What operators did, kept for 400 days.
ops-audit-none = Nothing yet.
ops-act-user-disabled = Shut a user out
ops-act-user-enabled = Let a user in again
ops-act-user-signed-out = Signed a user out everywhere
ops-act-session-ended = Ended a session
ops-act-everybody-signed-out = Signed everybody out
ops-act-reset-link-made = Made a link for a new password
ops-act-provider-checked = Checked a provider
ops-act-failures-exported = Exported failures
ops-act-rule-made = Made a rule
ops-act-rule-ended = Ended a rule

## Operators: how it goes

ops-overview-title = At a glance
ops-range-now = Last 5 minutes
ops-range-hour = Hour
ops-range-day = Day
ops-range-week = Week
ops-category-user-cancelled = Cancelled
ops-category-browser-environment = Browser
ops-category-idp-outage = Provider in trouble
ops-category-other = Other
ops-chart-succeeded = Signed in
ops-chart-successes = Sign-ins
ops-chart-successes-total = { $count } sign-ins and links in all.
ops-chart-failures = Failures by category
ops-chart-failures-total = { $count } failures in all.
ops-as-table = As a table
ops-time = Time (UTC)
ops-lost = Lost: begun, never back
ops-passwords-refused = Passwords refused
ops-glance-title = Now, hour, day, week
ops-needs-title = Needs a person
ops-needs-lead = Failures of the category “other” in the last week, by kind. Each wants to be understood once.
ops-needs-none = Nothing. All failures of the last week are understood.
ops-providers-title = Providers
ops-providers-lead = Success counts sign-ins that ended, without those that people cancelled.
ops-providers-none = No provider is configured.
ops-success-percent = { $percent } % succeed
ops-success-unknown = no sign-in ended
ops-count-failed = { $count } failed
ops-count-lost = { $count } lost
ops-count-times = { $count } ×
ops-spark-failures = Failures over time: { $name }
ops-provider-success = Success
ops-provider-failed = Failed
ops-provider-clock = Our clock minus theirs
ops-provider-check = Is it well?
ops-provider-check-submit = Check now
ops-check-found = What the check found
ops-latency-title = Time to answer
ops-latency-lead = The last 200 calls of each endpoint, as this process saw them.
ops-latency-none = It was not asked anything yet.
ops-endpoint = Endpoint
ops-calls = Calls
ops-median = Median
ops-p95 = 95 %
ops-kinds-title = Last failure of each kind, within the week
ops-kinds-none = None.
ops-failures-title = Failures
ops-failures-none = Nothing was recorded that fits.
ops-failures-no-reference = “{ $reference }” is no reference. One looks like K7Q2-9F3M.
ops-failures-export = Download these as CSV
ops-filter-any = Any
ops-filter-category = Category
ops-filter-provider = Provider
ops-filter-cause = Cause
ops-filter-stage = Stage
ops-filter-from = From (UTC)
ops-filter-until = Until (UTC)
ops-filter-fingerprint = Kind
ops-filter-submit = Filter
ops-filter-clear = Clear
ops-story-title = Failure
ops-story-by-rule = by a rule
ops-story-told = What the person was told
ops-story-advice = What it means, and what to do
ops-story-trip = The trip
ops-story-no-steps = It ended before anything was asked of a provider.
ops-story-fields = members:
ops-story-more = Details
ops-story-provider-error = The provider’s code
ops-story-http-status = HTTP status
ops-story-duration = Time we worked on it
ops-story-purpose = Purpose
ops-story-attempt = Attempt
ops-story-request = Request
ops-story-detail = On our side
ops-story-same-kind = All failures of this kind
ops-story-elsewhere = In other software
ops-story-none = Nothing is recorded under this reference. Failures are kept for { $days } days; one of the last second may not be written yet.

## Operators: the inbox and the rules

ops-inbox-title = Inbox
ops-inbox-lead = Failures of the category “other” in the last 30 days, by kind, the most frequent first. Say what one is, and see what a rule would do before it does.
ops-inbox-none = Nothing waits. Every failure of the last 30 days is understood.
ops-inbox-is = This is
ops-inbox-try = Try
ops-inbox-protected = A refused security check, or a fault of ours: no rule moves it.
ops-trial-title = A rule, tried out
ops-trial-becomes = Becomes
ops-trial-would = What it would have done
ops-trial-moved = It would have moved { $count } failures.
ops-trial-looked-at = { $count } of the last 30 days were looked at.
ops-trial-submit = Put it into force
ops-trial-hint = It holds on every replica within seconds. What was recorded before stays as it was.
ops-rule-note = Why (optional)
ops-rules-title = Rules
ops-rules-lead = What operators have decided. The most precise rule counts.
ops-rules-none = There is no rule.
ops-rule-level = logged at { $level }
ops-rule-end = End
ops-rule-end-label = End the rule: { $name }
ops-rule-ended = Ended
ops-rule-export = As an entry of a dialect
ops-levels-title = Log levels
ops-levels-lead = How loudly a category or a cause is logged. A refused security check is never logged more quietly.
ops-levels-target = Category or cause
ops-levels-level = Level
ops-levels-submit = Set
# Failures that the operators have given another category.
moved-user_cancelled = Your sign-in with { $provider } ended before it was finished.
moved-browser_environment = Your sign-in with { $provider } got interrupted on the way. Nothing is wrong with your account.
moved-idp_outage = { $provider } could not finish your sign-in just now.
moved-other = Your sign-in with { $provider } could not be finished.
## Mail: addresses and forgotten passwords

forgot-mail-lead = Type your user name or e-mail address. If there is an account with a confirmed address, we send a link there with which you set a new password.
forgot-mail-submit = Send the link
verify-title = Confirm your e-mail address
verify-lead = Press the button to confirm that { $address } is yours. Everywhere else you are signed out.
verify-submit = Confirm
verify-signed-out = Please sign in to your account first. Then you come back here.
verify-invalid-text = Such a link works once and for one day, and only for the account that asked for it. You can have a new one sent from your account page.
verify-taken-title = This address has an account already
verify-taken-text = Somebody, probably you, has confirmed this address for another account. Sign in with that one, or use another address here.
verify-to-account = Go to your account
account-unproven = { $address } is not confirmed yet. Open the link that we have sent there, in this browser.
account-unproven-submit = Send the link again
notice-reset-mailed = If there is such an account with a confirmed address, a mail with a link is on its way there. It works for one hour.
notice-address-proven = Thank you. Your e-mail address is confirmed.
notice-proof-mailed = A mail with a link is on its way. Please look at your mailbox, and among the unwanted mail too.
fault-email-throttled = Too many mails were asked for. Please wait a while and try again.
mail-prove-subject = Confirm your e-mail address
mail-prove = Somebody, presumably you, gave this address at { $site }. To confirm that it is yours, open this page and press the button there:
mail-prove-terms = The link works once, within 24 hours, in a browser where you are signed in to the account. If it was not you, do nothing: the address will not be used.
mail-in-use-subject = You have an account already
mail-in-use = Somebody, perhaps you, gave this address for an account at { $site }. It belongs to an account there already, yours, so nothing has changed. If it was you, sign in as you did before:
mail-in-use-terms = If you have forgotten the password, “Forgotten your password?” on that page helps. If it was not you, do nothing.
mail-set-password-subject = Set a new password
mail-set-password = Somebody, presumably you, asked for a new password at { $site }. To choose one, open this page:
mail-set-password-terms = The link works once, within one hour. Afterwards you are signed out everywhere. If it was not you, do nothing: your password stays as it is.
mail-asked-signature = This letter was sent by { $site } because somebody asked for it there. Nobody reads answers to it.
# Operators: incidents, and what people see of a provider.
ops-now-title = Going on now
ops-now-none = Nothing: no incident, and no provider is in trouble.
ops-incident-idp-outage = { $name } is in trouble
ops-incident-browser-environment = { $name }: browsers lose sign-ins far more often than they did
ops-incident-lost-attempts = { $name }: attempts begin and never end, far more often than they did
ops-incident-other = { $name }: a failure of a kind that was not seen before
ops-incident-first-contact = { $name } has not worked since genkan started
ops-incident-hundred-per-cent = { $name } fails every time in the same way
ops-incident-do-outage = Look at its status page. If it never worked, “Check now” on its page tells why.
ops-incident-do-change = Look at what changed last: public_url, cookies, host name, the proxy before genkan.
ops-incident-do-kind = Open the failure’s story, and say in the inbox what it is.
ops-incident-do-check = It is probably our configuration: “Check now” on its page tells where.
ops-incident-failures = failures at first: { $count }
ops-incidents-title = Incidents of the last week
ops-incidents-none = None.
ops-incident-going-on = going on
ops-people-see = People are told
ops-breaker-closed = nothing: it works
ops-breaker-open = that it is in trouble
ops-breaker-probing = that it is in trouble; a probe went well
ops-mail-dead = Letters given up: { $count }
ops-mail-dead-hint = The mail server refused them, or did not answer for a day. The log says why: mail_dead.
# Pages of applications, looked at once more

account-consents-none = You have not let any application in so far.
account-applications-own = Applications that you have registered
application-part-proof = Proof and answers
application-part-tokens = Tokens
application-part-sign-out = Signing out
application-part-people = What people can look up

# DPoP (RFC 9449)
application-dpop = Bind access tokens to a key (DPoP): requests without a proof are refused
# Groups, and programs that get nothing

scope-groups = see which groups the people who run this site have put you into
ops-tokens-refused = Programs refused
# Signatures of access tokens
application-access-algorithm = Signature of access tokens
application-access-algorithm-hint = Only for jwt. Every API understands RS256; ES256 is quicker and shorter.
# Signing out where nobody is signed in
logout-over-title = You are signed out
logout-on = The application that sent you here wants you to go on to { $place }. Nobody at this site has checked who is behind it.
logout-go-on = Go on
# Front-channel logout

application-frontchannel = Address that the browser loads when a session ends
fault-application-elsewhere = This must be at the same place (https, host and port) as one of the redirect addresses.
farewell-title = You are signed out
farewell-lead = The applications that you have used are being told. If nothing happens, press the button.
farewell-frame = An application is told
farewell-go-on = Continue
## Applications: what was refused lately.

refusals-heading = What was refused lately
refusals-none = Nothing. What your application asks for in vain is explained here.
refusals-lead = What was asked for in the name of this application in vain, the latest first. Anybody who knows its client ID can cause some of it.
refusals-times = { $times ->
    [one] Once.
   *[other] { $times } times.
    }
refusals-last = Last on { $date }.
refusal-redirect-uri = Compare the address that your application sends with those under Settings, letter by letter. People saw a page of ours instead, and nothing was sent anywhere.
refusal-disabled = The people who run this site have closed this application. Ask them.
refusal-invalid-client = Compare client ID, secret and the way they are sent with Settings. If the secret is lost, make a new one below. The answer itself gives no reason, for anybody may ask.
refusal-invalid-grant = Codes, refresh tokens and device codes count once, for a while, and only with what they were asked for with. Begin again with a new one.
refusal-invalid-request = A parameter is missing, came twice, or is not written as the standard wants it.
refusal-invalid-scope = Add the scope under Settings, or ask for less.
refusal-unauthorized-client = Switch this way of getting tokens on under Settings, or use one that is on there.
refusal-access-denied = A person said no or went back. Nothing is wrong; let them start again if they want to.
refusal-login-required = With prompt=none nobody is shown a page. Send the person again without it.
refusal-insufficient-scope = Ask for this scope when you send the person here, and use the new token.
refusal-invalid-token = Renew it with the refresh token, or send the person here again.
refusal-slow-down = Wait longer between two requests: answers say how long.
refusal-expired-token = The device waited too long. Let it ask for a new code.
refusal-other = The line above says what did not fit.
