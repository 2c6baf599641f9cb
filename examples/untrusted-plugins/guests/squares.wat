;; Behaves: the sum of the squares up to the input.
(module
  (func (export "run") (param $left i32) (result i32)
    (local $sum i32)
    (loop $next
      (local.set $sum (i32.add (local.get $sum) (i32.mul (local.get $left) (local.get $left))))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $next (i32.gt_s (local.get $left) (i32.const 0))))
    (local.get $sum)))
