B(encoder.embedding_hidden_mapping_in.biasJ`#Œ¾ŽÍ¼Ê–Ò>Àeõ¾œLH¾Ì½4z?lwŽ½]Ò„¾ZÇÔ¾ò%¾
Á>ðˆÆ>×š½R‡/¿÷Wö>l›¾æ§ÿ>ºX²>—°=¿>W1î½HG+¿Ii¿