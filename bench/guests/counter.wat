;; The counter: counts the messages it was given, and answers who waits for a reply with how many they are, this one included.
;; It does nothing else, so that what is measured is the way of a message into a component and back. A message whose body
;; begins with ! makes it trap, so that a restart can be measured.
(module
  ;; ==== Memory ======================================================================================================
  ;;     0  result of an export          64  the answer: codec 0x55 (raw bytes), then the count in four bytes
  ;;   128  texts about this component   4096  arena: what one call allocates
  (memory (export "memory") 1)
  (global $result i32 (i32.const 0))
  (global $answer i32 (i32.const 64))
  (global $count (mut i32) (i32.const 0))
  (global $free (mut i32) (i32.const 4096))

  (data (i32.const 64) "U")
  (data (i32.const 128) "counter" "1.0.0" "Counts messages")

  (func (export "cabi_realloc")
    (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32) (local $end i32)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (local.set $end (i32.add (local.get $at) (local.get $size)))
    (if (i32.gt_u (local.get $end) (i32.shl (memory.size) (i32.const 16))) (then unreachable))
    (if (local.get $old) (then (memory.copy (local.get $at) (local.get $old) (local.get $old_size))))
    (global.set $free (local.get $end))
    (local.get $at))

  ;; The arena is emptied after each call, so memory does not grow with the number of messages.
  (func $empty_arena (param i32) (global.set $free (i32.const 4096)))
  (export "cabi_post_airssys:core-component/component-lifecycle@1.0.0#init" (func $empty_arena))
  (export "cabi_post_airssys:core-component/component-lifecycle@1.0.0#execute" (func $empty_arena))
  (export "cabi_post_airssys:core-component/component-lifecycle@1.0.0#handle-message" (func $empty_arena))
  (export "cabi_post_airssys:core-component/component-lifecycle@1.0.0#handle-callback" (func $empty_arena))

  (func $ok (result i32)
    (i64.store (global.get $result) (i64.const 0))
    (global.get $result))

  (func (export "airssys:core-component/component-lifecycle@1.0.0#init")
    (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
    (call $ok))

  ;; In the message: payload at 28, its length at 32, whether there is a correlation id at 48.
  (func (export "airssys:core-component/component-lifecycle@1.0.0#handle-message") (param $message i32) (result i32)
    (if (i32.gt_u (i32.load offset=32 (local.get $message)) (i32.const 1))
      (then
        (if (i32.eq (i32.load8_u offset=1 (i32.load offset=28 (local.get $message))) (i32.const 0x21))
          (then unreachable))))
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (drop (call $ok))
    (if (i32.load8_u offset=48 (local.get $message))
      (then
        (i32.store offset=1 (global.get $answer) (global.get $count))
        (i32.store8 offset=4 (global.get $result) (i32.const 1))
        (i32.store offset=8 (global.get $result) (global.get $answer))
        (i32.store offset=12 (global.get $result) (i32.const 5))))
    (global.get $result))

  ;; It has no operations: execution-error's case 0 is unknown-operation.
  (func (export "airssys:core-component/component-lifecycle@1.0.0#execute")
    (param $operation i32) (param $length i32) (param i32 i32 i32 i32 i64) (result i32)
    (i64.store (global.get $result) (i64.const 1))
    (i32.store offset=8 (global.get $result) (local.get $operation))
    (i32.store offset=12 (global.get $result) (local.get $length))
    (global.get $result))

  ;; It makes no requests.
  (func (export "airssys:core-component/component-lifecycle@1.0.0#handle-callback")
    (param i32 i32 i32 i32 i32 i32) (result i32)
    (call $ok))

  (func (export "airssys:core-component/component-lifecycle@1.0.0#metadata") (result i32)
    (memory.fill (global.get $result) (i32.const 0) (i32.const 40))
    (i32.store (global.get $result) (i32.const 128))
    (i32.store offset=4 (global.get $result) (i32.const 7))
    (i32.store offset=8 (global.get $result) (i32.const 135))
    (i32.store offset=12 (global.get $result) (i32.const 5))
    (i32.store offset=16 (global.get $result) (i32.const 140))
    (i32.store offset=20 (global.get $result) (i32.const 15))
    (global.get $result))

  (func (export "airssys:core-component/component-lifecycle@1.0.0#health") (result i32)
    (i32.store8 (global.get $result) (i32.const 0))
    (global.get $result))

  (func (export "airssys:core-component/component-lifecycle@1.0.0#shutdown") (result i32)
    (call $ok))
)
