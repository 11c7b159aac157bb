B/encoder.layer.1.attention.output.LayerNorm.biasJ`ïš¾o,O=Ìó?¦e´¾ªý>	=‚¿˜'œ¿4&>ŽC¿
/º>¤R5>‚pI¿ïˆƒ?2@#¾Ž·!¿Û w?o¾¹iK¼Ÿì?DÈ5¾fË?{Ž>‡o¿ˆµ¿¾