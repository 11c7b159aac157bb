Bbert.embeddings.LayerNorm.biasJ`-iq;xV¼ÄA<ÐC)¼Ø;BK¼¯;ŽÝ™<t.2¼Ñ\9
ª–;DZ‰<6Û9<­!=óL=Ýög;yV†<¡L}¼l¶¼Ï=E9´8g¼|ßÌ¼Ýýì:ˆ/¼