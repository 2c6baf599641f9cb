;; Calls the host where a component may not: while the host has it make room for a value, and after its answer.
(component
  (import "tick" (func $tick))
  (core func $tick-core (canon lower (func $tick)))
  (core module $m
    (import "host" "tick" (func $tick))
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (call $tick) (i32.const 64))
    (func (export "take") (param i32 i32))
    (func (export "give") (result i32) (i32.const 8))
    (func (export "leave") (param i32) (call $tick)))
  (core instance $i (instantiate $m (with "host" (instance (export "tick" (func $tick-core))))))
  (func (export "take") (param "text" string)
    (canon lift (core func $i "take") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))
  (func (export "give") (result string)
    (canon lift (core func $i "give") (memory (core memory $i "memory")) (post-return (core func $i "leave")))))
