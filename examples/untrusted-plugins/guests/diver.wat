;; Calls itself without end.
(module
  (func $run (export "run") (param $depth i32) (result i32)
    (i32.add (i32.const 1) (call $run (i32.add (local.get $depth) (i32.const 1))))))
