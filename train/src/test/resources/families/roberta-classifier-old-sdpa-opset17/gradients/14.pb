B7roberta.encoder.layer.0.attention.output.LayerNorm.biasJ`9nÕ;vË¼ëX¼mÖ5=švb¼ñ¡»@b½7®˜¼s–S<—«)¼t–;–‘;ç,8=Ï x<Ï†«¼Ä¼';·5
»/‡¼ì§l»ôªî»$Ç¼“N
=EU½ì¼ô¼