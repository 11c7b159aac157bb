B0bert.encoder.layer.0.attention.output.dense.biasJ`5C¾»y¤…;üşˆ»67;eGöºs±%¼V¼ 9
<XŠ_»·r»Ñ{;ßÄ<FH:×UC<Èy¹<1™â»%<^j`¼ë.ì»Œ“»Ì[g»ÈI9¼¢‘`<›e+»