import { createPool } from 'rxjs-parallel-map';

declare global {
  var format: Intl.NumberFormat;
}

await using pool = createPool({
  size: 2,
  shared: { currency: 'EUR' },
  // Once in each worker, before its first element. It is dear to make, and cannot be copied.
  initializer: ({ shared }) => {
    globalThis.format = new Intl.NumberFormat('en', { style: 'currency', ...shared });
  },
});
console.log(await pool.mapArray([5, 3.75], (price) => globalThis.format.format(price)));
