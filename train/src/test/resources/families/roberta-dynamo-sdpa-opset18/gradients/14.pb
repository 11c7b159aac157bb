B/encoder.layer.0.attention.output.LayerNorm.biasJ`ŒqY¿nì³¾Ð.<,õh¿†×¸?ü•f¾ß­¿3>Ì?žg2?ä«£>Ì
f¾¡`¾½‹?P„H?„¼^>_ù¾UÃ½›óÆ=_é?+°ö¾y$”½•¡—¿ƒj?