import { mapArray, type Cloned } from 'rxjs-parallel-map';

class Circle {
  constructor(readonly radius: number) {}

  area(): number {
    return Math.PI * this.radius ** 2;
  }
}

// In the worker there is a radius, but no area(): methods are not copied.
const circles: Cloned<Circle>[] = [new Circle(1), new Circle(2)];

console.log(await mapArray(circles, ({ radius }) => 2 * radius));
