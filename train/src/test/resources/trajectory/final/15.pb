B)encoder.layer.1.attention.self.query.biasJ`É¸£½ê4ˆ¾8 ?>mUA¾Ðø=…(
>^è=bM0½l“Ð½SìÜ½ƒ‹>§|æ>0Ñ&¾¾y¡=ñO=ƒ›¯¾§:^½u·=š¾°R$¾eÅš>ÌõÐ<Úhã>/©>