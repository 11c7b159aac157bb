B)roberta.encoder.layer.0.output.dense.biasJ`ôÝu<äî·¼Ùj¼¸ø=¿@7;8ñ<>H¥º Ð»W¼Kø;Á;¼å‘Å»F$=±Æf<
(»žÑ;’“<š‡¼Ð/«;Ð&)»„ß¼§=Ã§!½ÜæÏ¼