import { mapArray } from 'rxjs-parallel-map';

const prices = [
  { amount: 10, currency: 'USD' },
  { amount: 3, currency: 'GBP' },
] as const;
const rates = { USD: 0.5, GBP: 1.25 };

const euros = await mapArray(
  prices,
  ({ amount, currency }, _index, { shared }) => amount * shared[currency],
  { shared: rates },
);
console.log(euros);
