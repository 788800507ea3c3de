// The Basic plan of the OpenID Foundation's conformance suite, as we read it: a static client with client_secret_basic, no PKCE (CF-01).

import { after } from 'node:test';

import { FIRST_HALF } from './basic_modules.mjs';
import { SECOND_HALF } from './request_modules.mjs';
import { plan, prepare } from './suite.mjs';

const suite = prepare();
after(() => suite.stop());

plan('oidcc-basic-certification-test-plan', [...FIRST_HALF, ...SECOND_HALF], suite, 'query');
