B/encoder.layer.1.attention.output.LayerNorm.biasJ`
=¿w>6=)?
T>¿Ÿ2\?`¡¾Ê0¾ðûì½Ý¾sã¼/_¿•%¿+>®>']¿"G¹¾°@‘ê˜¿c$[¾HÕ¾ë­6>â–9?Eìî>ÚbX¿ò´Ç¼