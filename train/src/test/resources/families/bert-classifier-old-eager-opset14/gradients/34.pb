B&bert.encoder.layer.1.output.dense.biasJ`Ô	Æ¼6Ór¼Ş¼x¼š¤ç:
:<+Iã:…$(¼bšN;õót¼U‘¼v¼²Ñ<Ò˜G<òÏv=<¤y<¦&ş¼l<à(%<,¿»"¿Š¼1Y/<N~¼çB‡¹$%<