Bclassifier.dense.biasJ`Ü‡û;,NÖ<øØV<Axˆ<uÄú¼«îI»ÞCV¼ŸHÑ<§Üz<c™º¨À°<È}¼3Ú½Èÿ;i‚=ñLV=5ì<A°½:áR=þxŠ=qàb½¹
2½É§:ëý/½