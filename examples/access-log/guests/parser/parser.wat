;; The parser: one line of a web server's access log in, one CBOR record out to the component that `next` names.
;;
;;   client ident user [10/Oct/2000:13:55:36 -0700] "GET /path HTTP/1.1" 200 2326 "referrer" "agent"
;;
;; A message is a line as raw bytes (codec 0x55). A well-formed line is sent on as the CBOR array (codec 0x51)
;;   [client, seconds since the epoch, method, path, protocol, status, bytes, referrer, agent]
;; with byte strings for texts, since a log may hold any bytes. A malformed line is answered with `invalid-input`.
;;
;; PLANTED BUG: a month name that is not in the table runs into `unreachable` instead of being refused. The example keeps
;; it to show what a crash does: the line is lost, the supervisor brings up a fresh instance, and the pipeline goes on.
(module
  (import "airssys:core-host/messaging@1.0.0" "send"
    (func $host_send (param $to i32) (param $to_length i32) (param $payload i32) (param $length i32) (param $result i32)))

  ;; ==== Memory ======================================================================================================
  ;;     0  result of an export          128  month names, three letters each     512  reasons: a length byte and a text
  ;;    64  result of an import          192  days in each month                 1536  texts about this component
  ;;                                     256  the name in `next`                 4096  arena: what one call allocates
  (memory (export "memory") 4)
  (global $result i32 (i32.const 0))
  (global $host_result i32 (i32.const 64))
  (global $months i32 (i32.const 128))
  (global $month_days i32 (i32.const 192))
  (global $next i32 (i32.const 256))
  (global $next_length (mut i32) (i32.const 0))
  (global $free (mut i32) (i32.const 4096))

  (data (i32.const 128) "JanFebMarAprMayJunJulAugSepOctNovDec")
  (data (i32.const 192) "\1f\1c\1f\1e\1f\1e\1f\1f\1e\1f\1e\1f")
  (data (i32.const 512) "\33the payload is not a line of raw bytes (codec 0x55)")
  (data (i32.const 576) "\1eno client address at the start")
  (data (i32.const 640) "\19no ident after the client")
  (data (i32.const 704) "\17no user after the ident")
  (data (i32.const 768) "\3bno time such as [10/Oct/2000:13:55:36 -0700] after the user")
  (data (i32.const 832) "\1ano such day or time of day")
  (data (i32.const 896) "\23no request in quotes after the time")
  (data (i32.const 960) "\2bno status of three digits after the request")
  (data (i32.const 1024) "\32no size, in up to 15 digits or -, after the status")
  (data (i32.const 1088) "\24no referrer in quotes after the size")
  (data (i32.const 1152) "\22no user agent in quotes at the end")
  (data (i32.const 1216) "\2c`next` in [config] does not name a component")
  (data (i32.const 1536) "next-U" "parser" "1.0.0" "Parses lines in Combined Log Format")
  (global $not_a_line i32 (i32.const 512))
  (global $no_client i32 (i32.const 576))
  (global $no_ident i32 (i32.const 640))
  (global $no_user i32 (i32.const 704))
  (global $no_time i32 (i32.const 768))
  (global $no_such_time i32 (i32.const 832))
  (global $no_request i32 (i32.const 896))
  (global $no_status i32 (i32.const 960))
  (global $no_size i32 (i32.const 1024))
  (global $no_referrer i32 (i32.const 1088))
  (global $no_agent i32 (i32.const 1152))
  (global $no_next i32 (i32.const 1216))
  (global $key_next i32 (i32.const 1536))
  (global $dash i32 (i32.const 1540))
  (global $raw i32 (i32.const 1541)) ;; the letter U is 0x55, the codec of raw bytes: the reply to a line that was sent on
  (global $metadata_name i32 (i32.const 1542))
  (global $metadata_version i32 (i32.const 1548))
  (global $metadata_description i32 (i32.const 1553))

  ;; The arena is emptied after each call, so memory does not grow with the number of messages.
  (func $allocate (export "cabi_realloc")
    (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32) (local $end i32) (local $missing i32)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (local.set $end (i32.add (local.get $at) (local.get $size)))
    (if (i32.lt_u (local.get $end) (local.get $at)) (then unreachable))
    (local.set $missing (i32.sub (local.get $end) (i32.shl (memory.size) (i32.const 16))))
    (if (i32.gt_s (local.get $missing) (i32.const 0))
      (then
        (if (i32.eq
              (memory.grow (i32.shr_u (i32.add (local.get $missing) (i32.const 65535)) (i32.const 16)))
              (i32.const -1))
          (then unreachable))))
    (if (local.get $old) (then (memory.copy (local.get $at) (local.get $old) (local.get $old_size))))
    (global.set $free (local.get $end))
    (local.get $at))

  (func $empty_arena (param i32) (global.set $free (i32.const 4096)))
  (export "cabi_post_airssys:core-component/component-lifecycle@1.0.0#init" (func $empty_arena))
  (export "cabi_post_airssys:core-component/component-lifecycle@1.0.0#execute" (func $empty_arena))
  (export "cabi_post_airssys:core-component/component-lifecycle@1.0.0#handle-message" (func $empty_arena))
  (export "cabi_post_airssys:core-component/component-lifecycle@1.0.0#handle-callback" (func $empty_arena))

  ;; ==== Reading the line ============================================================================================
  ;; The readers below move $at and answer 1, or leave a reason in $reason and answer 0. None reads at or past $end.
  (global $at (mut i32) (i32.const 0))
  (global $end (mut i32) (i32.const 0))
  (global $reason (mut i32) (i32.const 0))
  (global $text (mut i32) (i32.const 0)) ;; what $token and $quoted found
  (global $text_length (mut i32) (i32.const 0))
  (global $number (mut i64) (i64.const 0)) ;; what $digits found

  (func $fail (param $why i32) (result i32)
    (global.set $reason (local.get $why))
    (i32.const 0))

  ;; The byte at $at, or -1 at the end.
  (func $peek (result i32)
    (if (i32.ge_u (global.get $at) (global.get $end)) (then (return (i32.const -1))))
    (i32.load8_u (global.get $at)))

  ;; Exactly this byte.
  (func $byte (param $wanted i32) (result i32)
    (if (i32.ne (call $peek) (local.get $wanted)) (then (return (i32.const 0))))
    (global.set $at (i32.add (global.get $at) (i32.const 1)))
    (i32.const 1))

  ;; One byte or more up to a space, and that space.
  (func $token (result i32)
    (local $byte i32)
    (global.set $text (global.get $at))
    (block $done
      (loop $next_byte
        (local.set $byte (call $peek))
        (br_if $done (i32.eq (local.get $byte) (i32.const 0x20)))
        (if (i32.eq (local.get $byte) (i32.const -1)) (then (return (i32.const 0))))
        (global.set $at (i32.add (global.get $at) (i32.const 1)))
        (br $next_byte)))
    (global.set $text_length (i32.sub (global.get $at) (global.get $text)))
    (global.set $at (i32.add (global.get $at) (i32.const 1)))
    (i32.ne (global.get $text_length) (i32.const 0)))

  ;; A text in quotes. \" and \\ are undone in place; any other escape is kept as it is written.
  (func $quoted (result i32)
    (local $byte i32) (local $to i32)
    (if (i32.eqz (call $byte (i32.const 0x22))) (then (return (i32.const 0))))
    (global.set $text (global.get $at))
    (local.set $to (global.get $at))
    (block $done
      (loop $next_byte
        (local.set $byte (call $peek))
        (if (i32.eq (local.get $byte) (i32.const -1)) (then (return (i32.const 0))))
        (global.set $at (i32.add (global.get $at) (i32.const 1)))
        (br_if $done (i32.eq (local.get $byte) (i32.const 0x22)))
        (if (i32.eq (local.get $byte) (i32.const 0x5c))
          (then
            (local.set $byte (call $peek))
            (if (i32.eq (local.get $byte) (i32.const -1)) (then (return (i32.const 0))))
            (global.set $at (i32.add (global.get $at) (i32.const 1)))
            (if (i32.eqz (i32.or
                  (i32.eq (local.get $byte) (i32.const 0x22))
                  (i32.eq (local.get $byte) (i32.const 0x5c))))
              (then
                (i32.store8 (local.get $to) (i32.const 0x5c))
                (local.set $to (i32.add (local.get $to) (i32.const 1)))))))
        (i32.store8 (local.get $to) (local.get $byte))
        (local.set $to (i32.add (local.get $to) (i32.const 1)))
        (br $next_byte)))
    (global.set $text_length (i32.sub (local.get $to) (global.get $text)))
    (i32.const 1))

  ;; Between $least and $most decimal digits, 15 at the most.
  (func $digits (param $least i32) (param $most i32) (result i32)
    (local $count i32) (local $digit i32)
    (global.set $number (i64.const 0))
    (block $done
      (loop $next_digit
        (br_if $done (i32.eq (local.get $count) (local.get $most)))
        (local.set $digit (i32.sub (call $peek) (i32.const 0x30)))
        (br_if $done (i32.gt_u (local.get $digit) (i32.const 9)))
        (global.set $number
          (i64.add (i64.mul (global.get $number) (i64.const 10)) (i64.extend_i32_u (local.get $digit))))
        (global.set $at (i32.add (global.get $at) (i32.const 1)))
        (local.set $count (i32.add (local.get $count) (i32.const 1)))
        (br $next_digit)))
    (i32.ge_u (local.get $count) (local.get $least)))

  ;; Two digits of at most $most, then the byte $after.
  (func $clock_part (param $most i64) (param $after i32) (result i32)
    (if (i32.eqz (call $digits (i32.const 2) (i32.const 2))) (then (return (call $fail (global.get $no_time)))))
    (if (i32.eqz (call $byte (local.get $after))) (then (return (call $fail (global.get $no_time)))))
    (if (i64.gt_u (global.get $number) (local.get $most)) (then (return (call $fail (global.get $no_such_time)))))
    (i32.const 1))

  ;; ==== Time ========================================================================================================
  ;; The month at $at, 0 to 11, from its three letters.
  (func $month (result i32)
    (local $index i32) (local $entry i32)
    (loop $next_month
      (local.set $entry (i32.add (global.get $months) (i32.mul (local.get $index) (i32.const 3))))
      (if (i32.and
            (i32.eq (i32.load16_u (local.get $entry)) (i32.load16_u (global.get $at)))
            (i32.eq (i32.load8_u offset=2 (local.get $entry)) (i32.load8_u offset=2 (global.get $at))))
        (then
          (global.set $at (i32.add (global.get $at) (i32.const 3)))
          (return (local.get $index))))
      (local.set $index (i32.add (local.get $index) (i32.const 1)))
      (br_if $next_month (i32.lt_u (local.get $index) (i32.const 12))))
    unreachable) ;; the planted bug: "every log has one of these twelve"

  (func $days_in_month (param $month i32) (param $year i64) (result i64)
    (local $is_leap i32)
    (local.set $is_leap
      (i32.and
        (i64.eqz (i64.and (local.get $year) (i64.const 3)))
        (i32.or
          (i64.ne (i64.rem_u (local.get $year) (i64.const 100)) (i64.const 0))
          (i64.eqz (i64.rem_u (local.get $year) (i64.const 400))))))
    (i64.extend_i32_u
      (i32.add
        (i32.load8_u (i32.add (global.get $month_days) (local.get $month)))
        (i32.and (local.get $is_leap) (i32.eq (local.get $month) (i32.const 1))))))

  ;; Days from 1970-01-01 to a date of the Gregorian calendar; the year counts from March, so that a leap day ends it.
  (func $days_since_epoch (param $year i64) (param $month i32) (param $day i64) (result i64)
    (local $from_march i64) (local $day_of_year i64)
    (local.set $from_march (i64.extend_i32_u (i32.rem_u (i32.add (local.get $month) (i32.const 10)) (i32.const 12))))
    (local.set $year
      (i64.sub
        (i64.add (local.get $year) (i64.const 400))
        (i64.extend_i32_u (i32.lt_u (local.get $month) (i32.const 2)))))
    (local.set $day_of_year
      (i64.add
        (i64.div_u (i64.add (i64.mul (local.get $from_march) (i64.const 153)) (i64.const 2)) (i64.const 5))
        (i64.sub (local.get $day) (i64.const 1))))
    (i64.mul (local.get $year) (i64.const 365))
    (i64.add (i64.div_u (local.get $year) (i64.const 4)))
    (i64.sub (i64.div_u (local.get $year) (i64.const 100)))
    (i64.add (i64.div_u (local.get $year) (i64.const 400)))
    (i64.add (local.get $day_of_year))
    (i64.sub (i64.const 865565))) ;; 719,468 days from 0000-03-01, and the 146,097 of the 400 years added above

  ;; [10/Oct/2000:13:55:36 -0700] as seconds since the epoch, in $number.
  (func $time (result i32)
    (local $day i64) (local $month i32) (local $year i64) (local $seconds i64) (local $offset i64) (local $is_west i32)
    (if (i32.eqz (call $byte (i32.const 0x5b))) (then (return (call $fail (global.get $no_time)))))
    (if (i32.eqz (call $clock_part (i64.const 31) (i32.const 0x2f))) (then (return (i32.const 0))))
    (local.set $day (global.get $number))
    ;; The month and at least the rest of a time must be there before the table is looked at.
    (if (i32.lt_u (i32.sub (global.get $end) (global.get $at)) (i32.const 24))
      (then (return (call $fail (global.get $no_time)))))
    (local.set $month (call $month))
    (if (i32.eqz (call $byte (i32.const 0x2f))) (then (return (call $fail (global.get $no_time)))))
    (if (i32.eqz (call $digits (i32.const 4) (i32.const 4))) (then (return (call $fail (global.get $no_time)))))
    (local.set $year (global.get $number))
    (if (i32.eqz (call $byte (i32.const 0x3a))) (then (return (call $fail (global.get $no_time)))))
    (if (i64.eqz (local.get $day)) (then (return (call $fail (global.get $no_such_time)))))
    (if (i64.gt_u (local.get $day) (call $days_in_month (local.get $month) (local.get $year)))
      (then (return (call $fail (global.get $no_such_time)))))
    (local.set $seconds
      (i64.mul (call $days_since_epoch (local.get $year) (local.get $month) (local.get $day)) (i64.const 86400)))

    (if (i32.eqz (call $clock_part (i64.const 23) (i32.const 0x3a))) (then (return (i32.const 0))))
    (local.set $seconds (i64.add (local.get $seconds) (i64.mul (global.get $number) (i64.const 3600))))
    (if (i32.eqz (call $clock_part (i64.const 59) (i32.const 0x3a))) (then (return (i32.const 0))))
    (local.set $seconds (i64.add (local.get $seconds) (i64.mul (global.get $number) (i64.const 60))))
    (if (i32.eqz (call $clock_part (i64.const 59) (i32.const 0x20))) (then (return (i32.const 0))))
    (local.set $seconds (i64.add (local.get $seconds) (global.get $number)))

    (local.set $is_west (call $byte (i32.const 0x2d)))
    (if (i32.eqz (i32.or (local.get $is_west) (call $byte (i32.const 0x2b))))
      (then (return (call $fail (global.get $no_time)))))
    (if (i32.eqz (call $digits (i32.const 2) (i32.const 2))) (then (return (call $fail (global.get $no_time)))))
    (if (i64.gt_u (global.get $number) (i64.const 23)) (then (return (call $fail (global.get $no_such_time)))))
    (local.set $offset (i64.mul (global.get $number) (i64.const 3600)))
    (if (i32.eqz (call $clock_part (i64.const 59) (i32.const 0x5d))) (then (return (i32.const 0))))
    (local.set $offset (i64.add (local.get $offset) (i64.mul (global.get $number) (i64.const 60))))
    (if (local.get $is_west) (then (local.set $offset (i64.sub (i64.const 0) (local.get $offset)))))
    (global.set $number (i64.sub (local.get $seconds) (local.get $offset)))
    (i32.const 1))

  ;; ==== Writing the record ==========================================================================================
  (global $out (mut i32) (i32.const 0)) ;; where the next byte goes

  (func $put_byte (param $byte i32)
    (i32.store8 (global.get $out) (local.get $byte))
    (global.set $out (i32.add (global.get $out) (i32.const 1))))

  ;; The head of a CBOR item: its major type in the upper three bits of $major, then the value, most significant byte first.
  (func $put_head (param $major i32) (param $value i64)
    (local $size i32) (local $code i32)
    (if (i64.lt_u (local.get $value) (i64.const 24))
      (then
        (call $put_byte (i32.or (local.get $major) (i32.wrap_i64 (local.get $value))))
        (return)))
    (local.set $size (i32.const 8))
    (local.set $code (i32.const 27))
    (if (i64.le_u (local.get $value) (i64.const 0xffffffff))
      (then (local.set $size (i32.const 4)) (local.set $code (i32.const 26))))
    (if (i64.le_u (local.get $value) (i64.const 0xffff))
      (then (local.set $size (i32.const 2)) (local.set $code (i32.const 25))))
    (if (i64.le_u (local.get $value) (i64.const 0xff))
      (then (local.set $size (i32.const 1)) (local.set $code (i32.const 24))))
    (call $put_byte (i32.or (local.get $major) (local.get $code)))
    (loop $next_byte
      (local.set $size (i32.sub (local.get $size) (i32.const 1)))
      (call $put_byte (i32.wrap_i64
        (i64.shr_u (local.get $value) (i64.extend_i32_u (i32.shl (local.get $size) (i32.const 3))))))
      (br_if $next_byte (local.get $size))))

  (func $put_integer (param $value i64)
    (if (i64.lt_s (local.get $value) (i64.const 0))
      (then (call $put_head (i32.const 0x20) (i64.sub (i64.const -1) (local.get $value))))
      (else (call $put_head (i32.const 0x00) (local.get $value)))))

  (func $put_bytes (param $from i32) (param $length i32)
    (call $put_head (i32.const 0x40) (i64.extend_i32_u (local.get $length)))
    (memory.copy (global.get $out) (local.get $from) (local.get $length))
    (global.set $out (i32.add (global.get $out) (local.get $length))))

  ;; Nothing is written as a log writes it: "-".
  (func $put_part (param $from i32) (param $length i32)
    (if (i32.eqz (local.get $length))
      (then (call $put_bytes (global.get $dash) (i32.const 1)))
      (else (call $put_bytes (local.get $from) (local.get $length)))))

  ;; The index of a space in the text, seen from the front or from the back, or its length when there is none.
  (func $space_in (param $text i32) (param $length i32) (param $from_back i32) (result i32)
    (local $index i32) (local $place i32)
    (block $none
      (loop $next_byte
        (br_if $none (i32.ge_u (local.get $index) (local.get $length)))
        (local.set $place
          (select
            (i32.sub (i32.sub (local.get $length) (i32.const 1)) (local.get $index))
            (local.get $index)
            (local.get $from_back)))
        (if (i32.eq (i32.load8_u (i32.add (local.get $text) (local.get $place))) (i32.const 0x20))
          (then (return (local.get $place))))
        (local.set $index (i32.add (local.get $index) (i32.const 1)))
        (br $next_byte)))
    (local.get $length))

  ;; "GET /path HTTP/1.1" as method, path and protocol. The method ends at the first space; what follows the last space is
  ;; the protocol if it begins with HTTP/; between them is the path, spaces and all. A part that is missing is "-".
  (func $put_request (param $text i32) (param $length i32)
    (local $first i32) (local $last i32) (local $path i32) (local $path_length i32) (local $protocol i32)
    (local.set $first (call $space_in (local.get $text) (local.get $length) (i32.const 0)))
    (local.set $last (call $space_in (local.get $text) (local.get $length) (i32.const 1)))
    (call $put_part (local.get $text) (local.get $first))
    (if (i32.eq (local.get $first) (local.get $length))
      (then
        (call $put_part (local.get $text) (i32.const 0))
        (call $put_part (local.get $text) (i32.const 0))
        (return)))
    (local.set $path (i32.add (local.get $first) (i32.const 1)))
    (local.set $protocol (i32.add (local.get $last) (i32.const 1)))
    (if (call $is_protocol
          (i32.add (local.get $text) (local.get $protocol))
          (i32.sub (local.get $length) (local.get $protocol)))
      (then
        (if (i32.gt_u (local.get $last) (local.get $path))
          (then (local.set $path_length (i32.sub (local.get $last) (local.get $path)))))
        (call $put_part (i32.add (local.get $text) (local.get $path)) (local.get $path_length))
        (call $put_part
          (i32.add (local.get $text) (local.get $protocol))
          (i32.sub (local.get $length) (local.get $protocol))))
      (else
        (call $put_part
          (i32.add (local.get $text) (local.get $path))
          (i32.sub (local.get $length) (local.get $path)))
        (call $put_part (local.get $text) (i32.const 0)))))

  (func $is_protocol (param $text i32) (param $length i32) (result i32)
    (if (i32.lt_u (local.get $length) (i32.const 5)) (then (return (i32.const 0))))
    (i32.and
      (i32.eq (i32.load (local.get $text)) (i32.const 0x50545448)) ;; HTTP
      (i32.eq (i32.load8_u offset=4 (local.get $text)) (i32.const 0x2f))))

  ;; ==== One line ====================================================================================================
  ;; Writes the record of the line between $at and $end at $out.
  (func $parse (result i32)
    (call $put_byte (i32.const 0x51)) ;; codec: cbor
    (call $put_byte (i32.const 0x89)) ;; array of nine
    (if (i32.eqz (call $token)) (then (return (call $fail (global.get $no_client)))))
    (call $put_bytes (global.get $text) (global.get $text_length))
    (if (i32.eqz (call $token)) (then (return (call $fail (global.get $no_ident)))))
    (if (i32.eqz (call $token)) (then (return (call $fail (global.get $no_user)))))
    (if (i32.eqz (call $time)) (then (return (i32.const 0))))
    (call $put_integer (global.get $number))

    (if (i32.eqz (call $byte (i32.const 0x20))) (then (return (call $fail (global.get $no_request)))))
    (if (i32.eqz (call $quoted)) (then (return (call $fail (global.get $no_request)))))
    (call $put_request (global.get $text) (global.get $text_length))

    (if (i32.eqz (call $byte (i32.const 0x20))) (then (return (call $fail (global.get $no_status)))))
    (if (i32.eqz (call $digits (i32.const 3) (i32.const 3))) (then (return (call $fail (global.get $no_status)))))
    (if (i32.eqz (call $byte (i32.const 0x20))) (then (return (call $fail (global.get $no_status)))))
    (call $put_integer (global.get $number))

    (global.set $number (i64.const 0))
    (if (i32.eqz (call $byte (i32.const 0x2d)))
      (then
        (if (i32.eqz (call $digits (i32.const 1) (i32.const 15))) (then (return (call $fail (global.get $no_size)))))))
    (if (i32.eqz (call $byte (i32.const 0x20))) (then (return (call $fail (global.get $no_size)))))
    (call $put_integer (global.get $number))

    (if (i32.eqz (call $quoted)) (then (return (call $fail (global.get $no_referrer)))))
    (call $put_bytes (global.get $text) (global.get $text_length))
    (if (i32.eqz (call $byte (i32.const 0x20))) (then (return (call $fail (global.get $no_agent)))))
    (if (i32.eqz (call $quoted)) (then (return (call $fail (global.get $no_agent)))))
    (call $put_bytes (global.get $text) (global.get $text_length))
    (if (i32.lt_u (global.get $at) (global.get $end)) (then (return (call $fail (global.get $no_agent)))))
    (i32.const 1))

  ;; ==== The actor ===================================================================================================
  ;; result<option<list<u8>>, component-error>; result<_, component-error> begins the same.
  (func $answer_ok (result i32)
    (i64.store (global.get $result) (i64.const 0))
    (global.get $result))

  (func $answer_error (param $case i32) (param $text i32) (param $length i32) (result i32)
    (i32.store (global.get $result) (i32.const 1))
    (i32.store offset=4 (global.get $result) (local.get $case))
    (i32.store offset=8 (global.get $result) (local.get $text))
    (i32.store offset=12 (global.get $result) (local.get $length))
    (global.get $result))

  ;; Cases of component-error: 0 invalid-config, 1 invalid-input, 2 unsupported, 3 failed.
  (func $answer_reason (param $case i32) (param $why i32) (result i32)
    (call $answer_error
      (local.get $case)
      (i32.add (local.get $why) (i32.const 1))
      (i32.load8_u (local.get $why))))

  ;; Keeps the value of `next`: entries are pairs of strings, 16 bytes each.
  (func (export "airssys:core-component/component-lifecycle@1.0.0#init")
    (param $namespace i32) (param $namespace_length i32) (param $name i32) (param $name_length i32)
    (param $version i32) (param $version_length i32) (param $entry i32) (param $count i32)
    (result i32)
    (block $done
      (loop $next_entry
        (br_if $done (i32.eqz (local.get $count)))
        (if (i32.eq (i32.load offset=4 (local.get $entry)) (i32.const 4))
          (then
            (if (i32.eq (i32.load (i32.load (local.get $entry))) (i32.load (global.get $key_next)))
              (then
                (if (i32.gt_u (i32.load offset=12 (local.get $entry)) (i32.const 256)) (then (br $done)))
                (global.set $next_length (i32.load offset=12 (local.get $entry)))
                (memory.copy (global.get $next) (i32.load offset=8 (local.get $entry)) (global.get $next_length))))))
        (local.set $entry (i32.add (local.get $entry) (i32.const 16)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next_entry)))
    (if (i32.eqz (global.get $next_length)) (then (return (call $answer_reason (i32.const 0) (global.get $no_next)))))
    (call $answer_ok))

  ;; In the message: payload at 28, its length at 32, whether there is a correlation id at 48.
  (func (export "airssys:core-component/component-lifecycle@1.0.0#handle-message") (param $message i32) (result i32)
    (local $payload i32) (local $length i32) (local $record i32)
    (local.set $payload (i32.load offset=28 (local.get $message)))
    (local.set $length (i32.load offset=32 (local.get $message)))
    (if (i32.eqz (local.get $length)) (then (return (call $answer_reason (i32.const 1) (global.get $not_a_line)))))
    (if (i32.ne (i32.load8_u (local.get $payload)) (i32.const 0x55))
      (then (return (call $answer_reason (i32.const 1) (global.get $not_a_line)))))
    (global.set $at (i32.add (local.get $payload) (i32.const 1)))
    (global.set $end (i32.add (local.get $payload) (local.get $length)))

    ;; The record is the line without its separators, plus at most 128 bytes of heads and dashes.
    (local.set $record
      (call $allocate (i32.const 0) (i32.const 0) (i32.const 1) (i32.add (local.get $length) (i32.const 128))))
    (global.set $out (local.get $record))
    (if (i32.eqz (call $parse)) (then (return (call $answer_reason (i32.const 1) (global.get $reason)))))

    (call $host_send
      (global.get $next) (global.get $next_length)
      (local.get $record) (i32.sub (global.get $out) (local.get $record))
      (global.get $host_result))
    (if (i32.load8_u (global.get $host_result))
      (then
        (return (call $answer_error (i32.const 3)
          (i32.load offset=8 (global.get $host_result))
          (i32.load offset=12 (global.get $host_result))))))
    (drop (call $answer_ok))
    (if (i32.load8_u offset=48 (local.get $message))
      (then ;; somebody waits: the reply is no bytes, with the codec of raw bytes before them
        (i32.store8 offset=4 (global.get $result) (i32.const 1))
        (i32.store offset=8 (global.get $result) (global.get $raw))
        (i32.store offset=12 (global.get $result) (i32.const 1))))
    (global.get $result))

  ;; result<list<u8>, execution-error>: unknown-operation is case 0.
  (func (export "airssys:core-component/component-lifecycle@1.0.0#execute")
    (param $operation i32) (param $length i32) (param i32 i32 i32 i32 i64) (result i32)
    (call $answer_error (i32.const 0) (local.get $operation) (local.get $length)))

  ;; It makes no requests.
  (func (export "airssys:core-component/component-lifecycle@1.0.0#handle-callback")
    (param i32 i32 i32 i32 i32 i32) (result i32)
    (call $answer_ok))

  (func (export "airssys:core-component/component-lifecycle@1.0.0#shutdown") (result i32)
    (call $answer_ok))

  (func (export "airssys:core-component/component-lifecycle@1.0.0#health") (result i32)
    (i32.store8 (global.get $result) (i32.const 0))
    (global.get $result))

  (func (export "airssys:core-component/component-lifecycle@1.0.0#metadata") (result i32)
    (memory.fill (global.get $result) (i32.const 0) (i32.const 40))
    (i32.store (global.get $result) (global.get $metadata_name))
    (i32.store offset=4 (global.get $result) (i32.const 6))
    (i32.store offset=8 (global.get $result) (global.get $metadata_version))
    (i32.store offset=12 (global.get $result) (i32.const 5))
    (i32.store offset=16 (global.get $result) (global.get $metadata_description))
    (i32.store offset=20 (global.get $result) (i32.const 35))
    ;; one codec: 0x55, raw bytes
    (i32.store (global.get $host_result) (i32.const 0x55))
    (i32.store offset=32 (global.get $result) (global.get $host_result))
    (i32.store offset=36 (global.get $result) (i32.const 1))
    (global.get $result))
)
