;; accumulate.ts for numbers that lie in one memory, two float64 at a time: acc[i] += coefficient × values[i].
;; A multiplication and an addition, each rounded, as there: the same bits.
(module
  ;; In pages of 64 KiB. It never grows: views of it would end.
  (memory (export "memory") 16 16)

  ;; Places are in bytes. Eight numbers a turn, the rest one by one.
  (func (export "accumulateFloat32") (param $acc i32) (param $values i32) (param $length i32) (param $coefficient f64)
    (local $end i32) (local $c v128) (local $low v128) (local $high v128)
    (local.set $c (f64x2.splat (local.get $coefficient)))
    (local.set $end (i32.add (local.get $values) (i32.shl (i32.and (local.get $length) (i32.const -8)) (i32.const 2))))
    (block $none
      (br_if $none (i32.ge_u (local.get $values) (local.get $end)))
      (loop $eight
        (local.set $low (v128.load (local.get $values)))
        (local.set $high (v128.load offset=16 (local.get $values)))
        (v128.store (local.get $acc)
          (f64x2.add (v128.load (local.get $acc)) (f64x2.mul (local.get $c) (f64x2.promote_low_f32x4 (local.get $low)))))
        (v128.store offset=16 (local.get $acc)
          (f64x2.add (v128.load offset=16 (local.get $acc)) (f64x2.mul (local.get $c) (f64x2.promote_low_f32x4
            (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $low) (local.get $low))))))
        (v128.store offset=32 (local.get $acc)
          (f64x2.add (v128.load offset=32 (local.get $acc)) (f64x2.mul (local.get $c) (f64x2.promote_low_f32x4 (local.get $high)))))
        (v128.store offset=48 (local.get $acc)
          (f64x2.add (v128.load offset=48 (local.get $acc)) (f64x2.mul (local.get $c) (f64x2.promote_low_f32x4
            (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $high) (local.get $high))))))
        (local.set $acc (i32.add (local.get $acc) (i32.const 64)))
        (local.set $values (i32.add (local.get $values) (i32.const 32)))
        (br_if $eight (i32.lt_u (local.get $values) (local.get $end)))))
    (local.set $end (i32.add (local.get $values) (i32.shl (i32.and (local.get $length) (i32.const 7)) (i32.const 2))))
    (block $done
      (loop $one
        (br_if $done (i32.ge_u (local.get $values) (local.get $end)))
        (f64.store (local.get $acc)
          (f64.add (f64.load (local.get $acc)) (f64.mul (local.get $coefficient) (f64.promote_f32 (f32.load (local.get $values))))))
        (local.set $acc (i32.add (local.get $acc) (i32.const 8)))
        (local.set $values (i32.add (local.get $values) (i32.const 4)))
        (br $one))))

  ;; The same for float64, four a turn.
  (func (export "accumulateFloat64") (param $acc i32) (param $values i32) (param $length i32) (param $coefficient f64)
    (local $end i32) (local $c v128)
    (local.set $c (f64x2.splat (local.get $coefficient)))
    (local.set $end (i32.add (local.get $values) (i32.shl (i32.and (local.get $length) (i32.const -4)) (i32.const 3))))
    (block $none
      (br_if $none (i32.ge_u (local.get $values) (local.get $end)))
      (loop $four
        (v128.store (local.get $acc)
          (f64x2.add (v128.load (local.get $acc)) (f64x2.mul (local.get $c) (v128.load (local.get $values)))))
        (v128.store offset=16 (local.get $acc)
          (f64x2.add (v128.load offset=16 (local.get $acc)) (f64x2.mul (local.get $c) (v128.load offset=16 (local.get $values)))))
        (local.set $acc (i32.add (local.get $acc) (i32.const 32)))
        (local.set $values (i32.add (local.get $values) (i32.const 32)))
        (br_if $four (i32.lt_u (local.get $values) (local.get $end)))))
    (local.set $end (i32.add (local.get $values) (i32.shl (i32.and (local.get $length) (i32.const 3)) (i32.const 3))))
    (block $done
      (loop $one
        (br_if $done (i32.ge_u (local.get $values) (local.get $end)))
        (f64.store (local.get $acc)
          (f64.add (f64.load (local.get $acc)) (f64.mul (local.get $coefficient) (f64.load (local.get $values)))))
        (local.set $acc (i32.add (local.get $acc) (i32.const 8)))
        (local.set $values (i32.add (local.get $values) (i32.const 8)))
        (br $one)))))
