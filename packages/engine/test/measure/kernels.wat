;; Work that leans on different parts of a compiler: calls, loops, memory, arithmetic, dispatch. Each takes a size.
(module
  (memory (export "memory") 64)
  (func $fib (export "calls") (param $n i32) (result i32)
    (if (result i32) (i32.lt_u (local.get $n) (i32.const 2))
      (then (local.get $n))
      (else (i32.add (call $fib (i32.sub (local.get $n) (i32.const 1))) (call $fib (i32.sub (local.get $n) (i32.const 2)))))))
  ;; Sieve of Eratosthenes.
  (func (export "sieve") (param $n i32) (result i32) (local $i i32) (local $j i32) (local $count i32)
    (memory.fill (i32.const 0) (i32.const 0) (local.get $n))
    (local.set $i (i32.const 2))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
      (if (i32.eqz (i32.load8_u (local.get $i)))
        (then
          (local.set $count (i32.add (local.get $count) (i32.const 1)))
          (local.set $j (i32.add (local.get $i) (local.get $i)))
          (block $out (loop $mark
            (br_if $out (i32.ge_u (local.get $j) (local.get $n)))
            (i32.store8 (local.get $j) (i32.const 1))
            (local.set $j (i32.add (local.get $j) (local.get $i)))
            (br $mark)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $next)))
    (local.get $count))
  ;; FNV-1a over memory.
  (func (export "hash") (param $n i32) (result i32) (local $h i32) (local $i i32)
    (local.set $h (i32.const 0x811c9dc5))
    (loop $next
      (local.set $h (i32.mul (i32.xor (local.get $h) (i32.load8_u (i32.and (local.get $i) (i32.const 0xffff)))) (i32.const 16777619)))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.get $h))
  ;; Multiplies two n × n matrices of f64.
  (func (export "matrix") (param $n i32) (result i32) (local $i i32) (local $j i32) (local $k i32) (local $sum f64) (local $all f64)
    (loop $rows
      (local.set $j (i32.const 0))
      (loop $columns
        (local.set $k (i32.const 0)) (local.set $sum (f64.const 0))
        (loop $inner
          (local.set $sum (f64.add (local.get $sum) (f64.mul
            (f64.load (i32.shl (i32.add (i32.mul (local.get $i) (local.get $n)) (local.get $k)) (i32.const 3)))
            (f64.load offset=1048576 (i32.shl (i32.add (i32.mul (local.get $k) (local.get $n)) (local.get $j)) (i32.const 3))))))
          (br_if $inner (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1))) (local.get $n))))
        (local.set $all (f64.add (local.get $all) (f64.add (local.get $sum) (f64.const 1))))
        (br_if $columns (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 1))) (local.get $n))))
      (br_if $rows (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (i32.trunc_sat_f64_s (local.get $all)))
  ;; Ways to place queens on an n × n board.
  (func $place (param $all i32) (param $columns i32) (param $left i32) (param $right i32) (result i32)
    (local $free i32) (local $bit i32) (local $count i32)
    (if (i32.eq (local.get $columns) (local.get $all)) (then (return (i32.const 1))))
    (local.set $free (i32.and (local.get $all)
      (i32.xor (i32.or (i32.or (local.get $left) (local.get $right)) (local.get $columns)) (i32.const -1))))
    (block $done (loop $next
      (br_if $done (i32.eqz (local.get $free)))
      (local.set $bit (i32.and (local.get $free) (i32.sub (i32.const 0) (local.get $free))))
      (local.set $free (i32.xor (local.get $free) (local.get $bit)))
      (local.set $count (i32.add (local.get $count) (call $place (local.get $all) (i32.or (local.get $columns) (local.get $bit))
        (i32.shl (i32.or (local.get $left) (local.get $bit)) (i32.const 1))
        (i32.shr_u (i32.or (local.get $right) (local.get $bit)) (i32.const 1)))))
      (br $next)))
    (local.get $count))
  (func (export "queens") (param $n i32) (result i32)
    (call $place (i32.sub (i32.shl (i32.const 1) (local.get $n)) (i32.const 1)) (i32.const 0) (i32.const 0) (i32.const 0)))
  ;; An interpreter: dispatches on pseudo-random bytes.
  (func (export "dispatch") (param $n i32) (result i32) (local $state i32) (local $a i32)
    (local.set $state (i32.const 12345))
    (loop $next
      (local.set $state (i32.add (i32.mul (local.get $state) (i32.const 1103515245)) (i32.const 12345)))
      (block $break
        (block $d (block $c (block $b (block $z (br_table $z $b $c $d (i32.and (i32.shr_u (local.get $state) (i32.const 16)) (i32.const 3))))
          (local.set $a (i32.add (local.get $a) (i32.const 1))) (br $break))
          (local.set $a (i32.xor (local.get $a) (local.get $state))) (br $break))
          (local.set $a (i32.rotl (local.get $a) (i32.const 3))) (br $break))
        (local.set $a (i32.sub (local.get $a) (i32.load (i32.and (local.get $a) (i32.const 0xfffc))))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $a))
  ;; Sorts n pseudo-random numbers by insertion into gaps (Shell).
  (func (export "sort") (param $n i32) (result i32) (local $gap i32) (local $i i32) (local $j i32) (local $v i32) (local $s i32)
    (local.set $s (i32.const 42))
    (loop $fill
      (local.set $s (i32.add (i32.mul (local.get $s) (i32.const 1664525)) (i32.const 1013904223)))
      (i32.store (i32.shl (local.get $i) (i32.const 2)) (local.get $s))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.set $gap (i32.shr_u (local.get $n) (i32.const 1)))
    (block $sorted (loop $gaps
      (br_if $sorted (i32.eqz (local.get $gap)))
      (local.set $i (local.get $gap))
      (block $passed (loop $pass
        (br_if $passed (i32.ge_u (local.get $i) (local.get $n)))
        (local.set $v (i32.load (i32.shl (local.get $i) (i32.const 2))))
        (local.set $j (local.get $i))
        (block $found (loop $shift
          (br_if $found (i32.lt_u (local.get $j) (local.get $gap)))
          (local.set $s (i32.load (i32.shl (i32.sub (local.get $j) (local.get $gap)) (i32.const 2))))
          (br_if $found (i32.le_u (local.get $s) (local.get $v)))
          (i32.store (i32.shl (local.get $j) (i32.const 2)) (local.get $s))
          (local.set $j (i32.sub (local.get $j) (local.get $gap)))
          (br $shift)))
        (i32.store (i32.shl (local.get $j) (i32.const 2)) (local.get $v))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $pass)))
      (local.set $gap (i32.shr_u (local.get $gap) (i32.const 1)))
      (br $gaps)))
    (i32.load (i32.const 4000))))
