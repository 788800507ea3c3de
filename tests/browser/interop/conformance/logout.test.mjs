// The logout plans of the OpenID Foundation's conformance suite, as we read them: RP-initiated, back-channel and front-channel (CF-01).

import { after } from 'node:test';

import { BACKCHANNEL, FRONTCHANNEL, RP_INITIATED } from './logout_modules.mjs';
import { plan, prepare } from './suite.mjs';

const suite = prepare();
after(() => suite.stop());

plan('oidcc-rp-initiated-logout-certification-test-plan', RP_INITIATED, suite, 'query');
plan('oidcc-backchannel-rp-initiated-logout-certification-test-plan', BACKCHANNEL, suite, 'query');
plan('oidcc-frontchannel-rp-initiated-logout-certification-test-plan', FRONTCHANNEL, suite, 'query');
