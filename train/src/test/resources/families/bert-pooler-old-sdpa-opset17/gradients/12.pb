B+encoder.layer.0.attention.output.dense.biasJ`3PX¿Ó?‹ý?¨Êø¾p¦I?Æd=—Ž=…Öo=¶ÄW¾VŒÀ½|6Ã>1{x=Æb?
û©?Z„/¾|¼ü?÷¿á³e¿øÄ¿úí=¾¦D‘>Â>Èû0Àz©Á>