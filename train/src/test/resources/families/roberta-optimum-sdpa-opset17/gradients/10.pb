B)encoder.layer.0.attention.self.value.biasJ`–à”¿äÍa?Ix>Mff¿²%?
	¿øœŽ>Tr+?úP?¾œß>Ùð>¥;n?×ÙŠ>áDæ¾œI½I4Ú½%¤s>¢²u½§k>]ž¾¨áº>ü\ñ½,4»¾qLÑ>