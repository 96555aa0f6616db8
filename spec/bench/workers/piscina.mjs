/** What a worker of piscina loads. */
import { move } from 'piscina';
import { touch } from './functions.mjs';

export { spin, trivial, wait } from './functions.mjs';

export const transferred = (/** @type {ArrayBuffer} */ buffer) => move(touch(buffer));
