B+encoder.layer.1.attention.output.dense.biasJ`m	¾’Ë>,àV¾y^>Oá–>Óác¾¨ÂX¾µam;€8½9=6¾V=
µ ¼HO¾“ê ;Þ~%>±g…=¡½¼¸ñ«½¸Ï½=Ûž¸=ýå-¾$²¬=8æ¾