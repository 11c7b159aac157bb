B(transformer.layer.0.attention.q_lin.biasJ`<}>“|ï½"ö¼Ãx‚=BNr½š=
¾À{,?íx\½Fs?Ì¦Ã½VÌÜ>Q;•>\PØ=²Æä=+µí½ÎÑ‚½žYŒ>,ž½Ÿ»­;rn(>y:W>ÅC·<¿O.¾¤®½