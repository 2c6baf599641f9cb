;; Never comes back.
(module
  (func (export "run") (param i32) (result i32)
    (loop $forever (br $forever))
    (unreachable)))
