/** What a worker of tinypool loads. */
import Tinypool from 'tinypool';
import { touch } from './functions.mjs';

export { spin, trivial, wait } from './functions.mjs';

export const transferred = (/** @type {ArrayBuffer} */ buffer) => Tinypool.move(touch(buffer));
