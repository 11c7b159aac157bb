Bencoder.LayerNorm.weightJ`W$‚>=©F=«»>Xz¼ûw=áUM½æŒ.¾Ž2Ó½ŒZ¼¾…\=—f,>~½>>W
Z¾¤C=©$9~«¾”ŸB=ÚÿÁ<n½MS=¹T>Ëµ#>ÁCE>