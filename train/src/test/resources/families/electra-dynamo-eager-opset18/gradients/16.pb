B/encoder.layer.0.attention.output.LayerNorm.biasJ`Õvb¿ftH=‚Ñh>«Tø¼À´>
*¾qO‰>ØÉ=	Ü>hS&?`…‹¾/CO>‹¾sE¿›ä¾	‡ÿ>Ò9 ¿|‘˜>Ì[À>Ý\½¿<ì¾1Å¾]æ	>¨oë¾