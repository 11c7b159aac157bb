B)roberta.encoder.layer.1.output.dense.biasJ`Ø™R<gÀN¼ÑœR<T
=æÏ;è=3¦¼$Ñ¼‚#¼‘ç@;’=æ¾E½çÇ8<˜ë’»°<Xn¬<_m¼®N)¼q>†¼HÖ‹;$¤r<â-8<9X1½WÑ†¼