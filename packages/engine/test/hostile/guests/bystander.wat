;; Minds its own business, and remembers how often it was called.
(component
  (core module $m
    (global $calls (mut i32) (i32.const 0))
    (func (export "count") (result i32) (global.set $calls (i32.add (global.get $calls) (i32.const 1))) (global.get $calls)))
  (core instance $i (instantiate $m))
  (func (export "count") (result u32) (canon lift (core func $i "count"))))
