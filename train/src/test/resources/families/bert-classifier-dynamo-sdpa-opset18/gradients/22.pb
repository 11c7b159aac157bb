B.bert.encoder.layer.1.attention.self.query.biasJ`=M;xNò¹3ó»­›9ÃÄ;L´Vº¼Y}9y‘9[ÿÊ¸GR˜»ºÑ§ºsºqº°ãy:œ{¼:Yw»¤¢.;¸²:Ó|Ã»Ãš?º«/¸¹8Í:
BÒ¹mæ‰:N8á9