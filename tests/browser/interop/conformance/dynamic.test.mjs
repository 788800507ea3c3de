// The part of the Dynamic plan of the OpenID Foundation's conformance suite that asks for registration alone, as we read it (CF-01).

import { after } from 'node:test';

import { DYNAMIC, ROTATION } from './dynamic_modules.mjs';
import { plan, prepare } from './suite.mjs';

const suite = prepare({ settings: '[issuer]\ndynamic_registration = true\n' });
after(() => suite.stop());

plan('oidcc-dynamic-certification-test-plan', DYNAMIC, suite, 'query');
plan('oidcc-dynamic-certification-test-plan, keys', ROTATION, suite, 'query');
