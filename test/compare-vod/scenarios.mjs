import { CREDENTIALS } from './scenarios/credentials.mjs'
import { FAILING } from './scenarios/failing.mjs'
import { GOING_ON } from './scenarios/going-on.mjs'
import { TAKING_AWAY } from './scenarios/taking-away.mjs'

/** In the order of the tables. */
export const SCENARIOS = [...GOING_ON, ...CREDENTIALS, ...TAKING_AWAY, ...FAILING]
