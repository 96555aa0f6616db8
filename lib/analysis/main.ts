/** What is loaded when a function is first looked into: a file of its own in the build, since it is large. */
export { analyse } from './findCaptures.js';
export { describeCaptures } from './describeCaptures.js';
export { userStack } from './userStack.js';
