// The Form Post plan of the OpenID Foundation's conformance suite, as we read it: the Basic plan with response_mode=form_post (CF-01).

import { after } from 'node:test';

import { FIRST_HALF } from './basic_modules.mjs';
import { SECOND_HALF } from './request_modules.mjs';
import { plan, prepare } from './suite.mjs';

const suite = prepare();
after(() => suite.stop());

plan('oidcc-formpost-basic-certification-test-plan', [...FIRST_HALF, ...SECOND_HALF], suite, 'form_post');
