;; Takes memory until there is no more, and then fails.
(module
  (memory (export "memory") 1)
  (func (export "run") (param i32) (result i32)
    (loop $more
      (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    (unreachable)))
