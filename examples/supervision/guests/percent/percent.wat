(module
  (func (export "percent") (param $part i32) (param $whole i32) (result i32)
    (i32.div_u (i32.mul (local.get $part) (i32.const 100)) (local.get $whole))))
