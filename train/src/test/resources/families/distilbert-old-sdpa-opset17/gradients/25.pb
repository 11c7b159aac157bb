B(transformer.layer.1.attention.v_lin.biasJ`àk¿3Nı¾MÒ¤¾]Z¿F7d¿ëz¾vJ½¾#
¾èÅ©¾`å¹=<‹„>P¢?œj>iÜ>Ÿ>Ì‡½œP=X¤—¿¯^X?EÙ=m>?ñÔÛ¾:å¾İ‘;>