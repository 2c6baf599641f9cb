;; Hands out resources whose destructor never ends, or traps.
(component
  (core module $m0
    (func (export "spin") (param i32) (loop $again (br $again)))
    (func (export "trap") (param i32) unreachable))
  (core instance $i0 (instantiate $m0))
  (type $spinning (resource (rep i32) (dtor (core func $i0 "spin"))))
  (type $trapping (resource (rep i32) (dtor (core func $i0 "trap"))))
  (core func $new-spinning (canon resource.new $spinning))
  (core func $new-trapping (canon resource.new $trapping))
  (core func $drop-spinning (canon resource.drop $spinning))
  (core module $m
    (import "own" "spinning" (func $spinning (param i32) (result i32)))
    (import "own" "trapping" (func $trapping (param i32) (result i32)))
    (import "own" "drop" (func $drop (param i32)))
    (func (export "make-spinning") (result i32) (call $spinning (i32.const 7)))
    (func (export "make-trapping") (result i32) (call $trapping (i32.const 7)))
    (func (export "hoard") (loop $again (drop (call $trapping (i32.const 7))) (br $again)))
    (func (export "nothing"))
    ;; Each that is dropped would be a place in the table for another.
    (func (export "drop-and-hoard") (local $n i32)
      (local.set $n (i32.const 100000))
      (loop $again
        (block $caught (try_table (catch_all $caught) (call $drop (local.get $n))))
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (local.set $n (i32.const 50000))
      (loop $again
        (drop (call $spinning (i32.const 7)))
        (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
    (func (export "drop") (call $drop (call $spinning (i32.const 7))))
    (func (export "drop-another") (param i32) (call $drop (local.get 0))))
  (core instance $i (instantiate $m (with "own" (instance
    (export "spinning" (func $new-spinning)) (export "trapping" (func $new-trapping)) (export "drop" (func $drop-spinning))))))
  (func $make-spinning (result (own $spinning)) (canon lift (core func $i "make-spinning")))
  (func $make-trapping (result (own $trapping)) (canon lift (core func $i "make-trapping")))
  (component $interface
    (import "spinning" (type $spinning (sub resource)))
    (import "trapping" (type $trapping (sub resource)))
    (import "make-spinning" (func $make-spinning (result (own $spinning))))
    (import "make-trapping" (func $make-trapping (result (own $trapping))))
    (export $s "spinning-thing" (type $spinning))
    (export $t "trapping-thing" (type $trapping))
    (export "make-spinning" (func $make-spinning) (func (result (own $s))))
    (export "make-trapping" (func $make-trapping) (func (result (own $t)))))
  (instance $things (instantiate $interface
    (with "spinning" (type $spinning)) (with "trapping" (type $trapping))
    (with "make-spinning" (func $make-spinning)) (with "make-trapping" (func $make-trapping))))
  (export "test:hostile/things" (instance $things))
  (func (export "nothing") (canon lift (core func $i "nothing")))
  (func (export "drop") (canon lift (core func $i "drop")))
  (func (export "drop-and-hoard") (canon lift (core func $i "drop-and-hoard")))
  (func (export "hoard") (canon lift (core func $i "hoard")))
  (func (export "drop-another") (param "handle" u32) (canon lift (core func $i "drop-another"))))
