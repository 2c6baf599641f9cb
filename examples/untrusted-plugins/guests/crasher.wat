;; Divides by zero.
(module
  (func (export "run") (param $input i32) (result i32)
    (i32.div_u (local.get $input) (i32.const 0))))
