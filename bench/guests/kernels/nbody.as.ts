const SOLAR_MASS: f64 = 4 * Math.PI * Math.PI;
const DAYS: f64 = 365.24;
const STEP: f64 = 0.01;

class Body {
  constructor(
    public x: f64,
    public y: f64,
    public z: f64,
    public vx: f64,
    public vy: f64,
    public vz: f64,
    public mass: f64,
  ) {}
}

function moving(x: f64, y: f64, z: f64, vx: f64, vy: f64, vz: f64, mass: f64): Body {
  return new Body(x, y, z, vx * DAYS, vy * DAYS, vz * DAYS, mass * SOLAR_MASS);
}

const PLANETS: StaticArray<Body> = [
  moving(4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01,
    1.66007664274403694e-03, 7.69901118419740425e-03, -6.90460016972063023e-05, 9.54791938424326609e-04),
  moving(8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01,
    -2.76742510726411770e-03, 4.99852801234917238e-03, 2.30417297573763929e-05, 2.85885980666130812e-04),
  moving(1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01,
    2.96460137564761618e-03, 2.37847173959480950e-03, -2.96589568540237556e-05, 4.36624404335156298e-05),
  moving(1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01,
    2.68067772490389322e-03, 1.62824170038242295e-03, -9.51592254519715870e-05, 5.15138902046611451e-05),
];
const bodies: StaticArray<Body> = [still(), still(), still(), still(), still()];

function still(): Body {
  return new Body(0, 0, 0, 0, 0, 0, 0);
}

/** The energy of the sun and four planets after n steps of a hundredth of a day, times -10^9. */
export function nbody(n: u32): u32 {
  begin();
  for (let step: u32 = 0; step < n; step++) advance();
  return <u32>(-energy() * 1e9);
}

function begin(): void {
  const sun = bodies[0];
  sun.x = sun.y = sun.z = sun.vx = sun.vy = sun.vz = 0;
  sun.mass = SOLAR_MASS;
  for (let index = 1; index < 5; index++) {
    const planet = PLANETS[index - 1];
    memory.copy(changetype<usize>(bodies[index]), changetype<usize>(planet), offsetof<Body>());
    sun.vx -= (planet.vx * planet.mass) / SOLAR_MASS;
    sun.vy -= (planet.vy * planet.mass) / SOLAR_MASS;
    sun.vz -= (planet.vz * planet.mass) / SOLAR_MASS;
  }
}

function advance(): void {
  for (let i = 0; i < 5; i++) {
    const one = bodies[i];
    for (let j = i + 1; j < 5; j++) {
      const other = bodies[j];
      const dx = one.x - other.x;
      const dy = one.y - other.y;
      const dz = one.z - other.z;
      const square = dx * dx + dy * dy + dz * dz;
      const pull = STEP / (square * Math.sqrt(square));
      one.vx -= dx * other.mass * pull;
      one.vy -= dy * other.mass * pull;
      one.vz -= dz * other.mass * pull;
      other.vx += dx * one.mass * pull;
      other.vy += dy * one.mass * pull;
      other.vz += dz * one.mass * pull;
    }
  }
  for (let i = 0; i < 5; i++) {
    const body = bodies[i];
    body.x += STEP * body.vx;
    body.y += STEP * body.vy;
    body.z += STEP * body.vz;
  }
}

function energy(): f64 {
  let sum: f64 = 0;
  for (let i = 0; i < 5; i++) {
    const one = bodies[i];
    sum += 0.5 * one.mass * (one.vx * one.vx + one.vy * one.vy + one.vz * one.vz);
    for (let j = i + 1; j < 5; j++) {
      const other = bodies[j];
      const dx = one.x - other.x;
      const dy = one.y - other.y;
      const dz = one.z - other.z;
      sum -= (one.mass * other.mass) / Math.sqrt(dx * dx + dy * dy + dz * dz);
    }
  }
  return sum;
}
