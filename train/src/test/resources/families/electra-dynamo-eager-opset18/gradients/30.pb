B+encoder.layer.1.attention.output.dense.biasJ`µá¾Æçï>QÇ?v'i¾ìe>ÓúÜ¾ªÓ®>œáU»—
4>°X>†ƒE¾úŠ¾ðºz>QS‰¾™•…>ëŠ>æ¯¾.L)¾2>&ß;3Ï<>uÚ¾±Å¾œœ°¾