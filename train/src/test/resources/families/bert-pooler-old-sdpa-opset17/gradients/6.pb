B)encoder.layer.0.attention.self.query.biasJ`Ÿ –>ê±~>|h=©ß½>y+Œ=÷!ø¾(5@¾øK+<— =.ß©<U¿>H›¾Ru>©]C¿Ò»=:~’=‰.¾>3’}¿
lP¿ÁÜÙ½Cúb>žTV?w4=X­;=