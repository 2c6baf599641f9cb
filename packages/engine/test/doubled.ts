/** A component with 2^levels of the leaf: each level instantiates twice the one below. */
export function doubled(levels: number, leaf: string): string {
  const components = Array.from({ length: levels }, (_, level) => {
    const instance = "(instance (instantiate $inner))";
    return `(component $c${level + 1} (alias outer 1 $c${level} (component $inner)) ${instance} ${instance})`;
  });
  return `(component (component $c0 ${leaf}) ${components.join(" ")} (instance (instantiate $c${levels})))`;
}

/** A component that answers with 2^(levels + 1) numbers, in pairs of pairs. */
export function doubledType(levels: number): string {
  const types = Array.from({ length: levels }, (_, level) => `(type $t${level + 1} (tuple $t${level} $t${level}))`);
  return `(component
    (core module $m (memory (export "memory") 1) (func (export "go") (result i32) (i32.const 0)))
    (core instance $i (instantiate $m))
    (type $t0 (tuple u8 u8)) ${types.join(" ")}
    (func (export "go") (result $t${levels}) (canon lift (core func $i "go") (memory (core memory $i "memory")))))`;
}
