Bembeddings.LayerNorm.biasJ@*GŒ¾WÛÇ=
^¿QHÊ½=…/?#¤>å^¿ùy½¢†¾ê C?W4=¨6?9hË½dbï½è¾râz¿