B'encoder.layer.1.attention.self.key.biasJ`º”R>£q—»#„ó=;±¾HùV>µåd¾3=q=;3#¾v€I¾“0É<¬‰½œ3Â<‡»ƒ½8î¾M*¡<¾&GÉ>Áª¨>Óã¡¾Ò
=˜@<æ'=àêc¾7£>