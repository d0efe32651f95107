using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text;

namespace Rookery.Search;

/// <summary>
/// Frequent words and telling letters of the languages that share a script. One lane of a vector stands for a language; a word that several
/// languages share says less for each.
/// </summary>
internal static class LanguageWords
{
    /// <summary>What a word that only one language has adds to it.</summary>
    public const int Full = 12;

    private const int FullLetter = 6;
    private const int MaxBytes = 16;
    private const int Slots = 4096;
    private const int LastLetter = 0x1EF9;

    private static readonly (string Code, Script Script, string Words, string Letters)[] Table =
    [
        (
            "en",
            Script.Latin,
            "already into only some could make our here those should too the and of to is in that it for you was with on are have this not be at but from they we my what so just all like can has will do your when who there out about no one get if more how an would been their me or now time were she he his her its im dont good new people day than by as know think love up why our really",
            ""
        ),
        (
            "es",
            Script.Latin,
            "alguien quiere tarde ahora mañana ayer puedo vamos gracias otra cada el la de que y los las en un una es por con para no se lo como más pero su al del este esta todo hay muy ya está yo mi si me qué son cuando hoy también ser porque soy eso bien hasta gracias nos sin sobre desde tiene donde hace día ha he fue aquí ahora nada siempre mejor",
            "ñ¿¡"
        ),
        (
            "pt",
            Script.Latin,
            "pelas pela pelos pelo alguém ontem obrigada tudo quero estou o a os as de que e do da em um uma para com não é se por mais mas foi no na dos das ao ele ela eu você meu minha muito já está isso são como quando tem sem vai bem hoje também só nos até ser pra esse essa hoje agora depois obrigado aqui gente nada sempre melhor fazer",
            "ãõ"
        ),
        (
            "fr",
            Script.Latin,
            "le la les de des et un une du en est que qui pas pour dans sur ce je il elle on nous vous au avec ne se plus son sa ses mais ou par mon ma mes très bien tout fait être comme cette sont aux même si quand merci bonjour encore aussi faire rien ça moi toi votre notre été avoir sans",
            "çœêèàùîû"
        ),
        (
            "de",
            Script.Latin,
            "der die das und ist nicht ein eine ich zu in den mit es auf von für sich auch dem des wie so aber war wir sie er im an noch nur man haben hat wenn mir mich bei oder nach was aus sind kann schon mehr einen einem dass wird sehr du heute immer mal gut keine jetzt hier als am zum zur um über vor",
            "ßäöü"
        ),
        (
            "it",
            Script.Latin,
            "il di che la e è un una per non in con sono del della mi si lo le gli ma come ho ha anche questo questa più al dei delle nel io se tutto tutti molto cosa bene quando essere sempre oggi perché ciao grazie solo fatto dalla alla nella ancora ora mio mia fare cosi dove chi sul loro hanno",
            "òìèù"
        ),
        (
            "nl",
            Script.Latin,
            "wie gaat vanavond mee gisteren kunnen mag iets altijd de het een en van ik is dat die in niet te op zijn voor met er aan ook maar je naar als bij om uit nog wel heb kan dit mijn wat we ze geen heeft was over hebben door hij zo dan al moet veel goed meer worden deze vandaag weer gaan jullie ons onze omdat",
            ""
        ),
        (
            "sv",
            Script.Latin,
            "och det att i en jag är som på för av med den inte till ett har om de så men var vi kan från ska mycket man när nu här bra också eller hade vill blir bara vad idag mig dig hur mer efter då alla finns utan måste väldigt från",
            "åäö"
        ),
        (
            "da",
            Script.Latin,
            "i dag gøre kommer kunne og det at i en jeg er som på for af med den ikke til et har om de så men var vi kan fra skal meget man når nu her godt også eller havde vil bliver bare hvad dag mig dig hvor mere efter alle uden noget være blev lige selv",
            "øæå"
        ),
        (
            "no",
            Script.Latin,
            "gjøre kommer kunne ikveld og det å i en jeg er som på for av med den ikke til et har om de så men var vi kan fra skal mye man når nå her bra også eller hadde vil blir bare hva dag meg deg hvor mer etter alle uten noe være ble selv noen veldig hvordan",
            "øæå"
        ),
        (
            "fi",
            Script.Latin,
            "en ei ihan kuka mikä sitä kanssa eilen ja on ei se että hän oli mutta niin kun myös ovat olen jos nyt kuin tämä mitä minä sinä joka vain sen ole nyt kanssa hyvä tänään siitä minun mukaan vielä jo tai sitten kaikki paljon aina olla minulla täällä hyvin",
            "äö"
        ),
        (
            "pl",
            Script.Latin,
            "kto ze mną się wczoraj proszę dziękuję przed i w nie na to się z do że jest jak o co tak ale po za mnie od ma już dla tylko czy ja może być przez jego jej są był była bardzo więc gdy kiedy dobrze dzisiaj dziś wszystko jestem mam tego tym który która ten tej jeszcze oraz bo",
            "łąęśćźżńó"
        ),
        (
            "cs",
            Script.Latin,
            "kdo mnou zítra včera děkuji protože jde a je se na že to v s z do o ale jsem jak co tak by jako už jen pro po za když si není jsou byl byla bylo být ještě má mám jsme protože který která tady dnes velmi dobře nebo taky také od při mi mě",
            "řůěščž"
        ),
        (
            "tr",
            Script.Latin,
            "kim ister teşekkürler benim ve bir bu da de için çok ne ben o mi ile gibi var daha en kadar sonra değil olan her ama ki yok şey bana sen biz olarak güzel iyi bugün şimdi nasıl neden beni hiç böyle oldu olsun diye ya bunu",
            "ğşıİçü"
        ),
        (
            "vi",
            Script.Latin,
            "ai đang con trên muốn là và của có không một cho được người này trong với các đã tôi để những khi đến cũng rất như thì ở ra nhưng vì về anh em bạn sẽ nhiều hôm nay ngày đi làm nhà",
            "ơưđạảấầậắặẹếềểệịọốồộớờợụứừựỹ"
        ),
        (
            "id",
            Script.Latin,
            "yang dan di ini itu dengan untuk tidak dari dalam akan pada ke saya ada juga aku kamu bisa sudah karena lebih orang hari mereka kita apa seperti atau hanya jadi kalau saat tapi sama banyak lagi belum mau baru sangat gak nya semua sekarang",
            ""
        ),
        (
            "ro",
            Script.Latin,
            "cine mulțumesc vine mine acolo și de la în nu că o un pe cu este a se să mai din ce sunt am ca dar pentru care fost ai foarte eu te mă ei el ea asta bine când acum fi despre aici doar dacă toate unde după azi ale avea",
            "șțăâî"
        ),
        (
            "hu",
            Script.Latin,
            "ki köszönöm velem holnap a az és hogy nem is egy ez van meg de azt csak mint már ha még volt én ki el kell mi vagy jó nagyon ezt sem lesz most itt minden ami amit mert nincs vannak pedig aki lehet ma mindig után",
            "őűéáö"
        ),
        (
            "ru",
            Script.Cyrillic,
            "кто со мной всем спасибо были тебе нас чтобы больше будет и в не на я что он с как это а то все она так его но ты к у же вы за бы по ее мне было вот от меня еще нет о из ему когда даже ну если уже или ни быть был до вас мы они сегодня очень есть для только этот где просто может сейчас мой себя тебя",
            "ыэъё"
        ),
        (
            "uk",
            Script.Cyrillic,
            "хто зі мною всім дякую була дякуємо більше буде нас і в не на я що він з як це а то все вона так його але ти до у же ви за би по її мені було від мене ще немає про із йому коли навіть якщо вже або ні бути був для тільки є та ми вони сьогодні дуже цей де просто може зараз мій себе тебе щоб",
            "іїєґ"
        ),
        (
            "bg",
            Script.Cyrillic,
            "кой които всички благодаря която които който има си днес и в не на аз че той с как това а да се за от са ще си по ми е беше до или като но много съм има няма само още вече те тя ние вие какво защо където днес при след без през бъде този тази тези може трябва добре",
            "ъщ"
        ),
        (
            "sr",
            Script.Cyrillic,
            "ко свима хвала био била су није сам бих мном и у не на ја да је се за од са су што али или то сам као по ми он она ће би није смо био шта кад ово то тај сви само још већ веома данас добро има када где како због после бити може",
            "ђћљњџј"
        ),
        (
            "be",
            Script.Cyrillic,
            "і ў не на я што ён з як гэта а то усё яна так яго але ты да у ж вы за бы па яе мне было ад мяне яшчэ няма пра калі нават ужо або быць быў для толькі ёсць мы яны сёння вельмі гэты дзе можа зараз",
            "ўіэы"
        ),
        (
            "mk",
            Script.Cyrillic,
            "и во не на јас дека тој со како ова а да се за од се ќе си по ми е беше до или но многу сум има нема само уште веќе тие таа ние вие што зошто каде денес при после без ова оваа овие може треба добро",
            "ѓќѕљњџј"
        ),
        (
            "ar",
            Script.Arabic,
            "في من على أن إلى ما لا هذا كل مع هو التي الذي عن هذه كان يا أنا بعد ذلك إن هي لم قد بين حتى أو إذا اليوم ليس كما لكن عند شيء الله انا انت وهو كنت يوم",
            "ةأإيك"
        ),
        (
            "fa",
            Script.Arabic,
            "و در به از که این را با است برای آن یک خود تا کرد بر هم نیست بود او ما من شما اما یا هر باید شد می چه خیلی امروز دارم هست کنم پس نه اگر همه وقتی",
            "پچژگکی"
        ),
        (
            "ur",
            Script.Arabic,
            "کے کی میں ہے اور سے کا کو اس پر نہیں کہ یہ ہیں تو بھی نے ایک وہ کر آپ ہو تھا کیا جو ہم آج بہت مجھے لیے گیا رہا",
            "ٹڈڑےںھہپچگکی"
        ),
        (
            "hi",
            Script.Devanagari,
            "है के में की और से का को नहीं पर यह हैं तो भी ने एक वह कर आप हो था क्या जो हम आज बहुत मुझे लिए मैं इस कि ही रहा गया सब कुछ",
            ""
        ),
        (
            "mr",
            Script.Devanagari,
            "आहे आणि या मी हे ते तो ती नाही आहेत का मला पण त्या होते होता काय आज खूप एक ला च्या की तर असे माझा माझी तुम्ही",
            "ळ"
        ),
        (
            "ne",
            Script.Devanagari,
            "छ र मा को ले लाई यो पनि छन् हो म गर्न भएको गर्ने तर हामी थियो आज धेरै छैन के त्यो भने लागि गरेको मेरो",
            ""
        ),
    ];

    private static readonly ulong[] Keys = new ulong[Slots];
    private static readonly Vector256<byte>[] Weights = new Vector256<byte>[Slots];

    private static readonly (int First, int End)[] Lanes =
    [
        .. Enumerable
            .Range(0, Scripts.Count)
            .Select(script =>
                (
                    Array.FindIndex(Table, row => (int)row.Script == script),
                    1 + Array.FindLastIndex(Table, row => (int)row.Script == script)
                )
            )
            .Select(lanes => lanes.Item1 < 0 ? (0, 0) : lanes),
    ];

    // Places in LetterWeights, of which the first is zero.
    private static readonly byte[] Letters = new byte[LastLetter + 1];
    private static readonly List<Vector256<byte>> LetterWeights = [default];

    static LanguageWords()
    {
        foreach (var word in LanesBy(row => row.Words.Split(' ').Select(Fold)))
        {
            Put(word.Key, Shared([.. word], Full));
        }

        foreach (var letter in LanesBy(row => row.Letters))
        {
            Letters[letter.Key] = (byte)LetterWeights.Count;
            LetterWeights.Add(Shared([.. letter], FullLetter));
        }
    }

    /// <summary>Lanes that stand for a language.</summary>
    public static int Count => Table.Length;

    public static string CodeOf(int lane) => Table[lane].Code;

    /// <summary>From the first to before the end: a script's languages stand side by side.</summary>
    public static (int First, int End) LanesOf(Script script) => Lanes[(int)script];

    /// <summary>Zero for a word that tells nothing.</summary>
    /// <param name="buffer">Begins with the folded word; at least 16 bytes of it may be read, and what stands behind the word does not matter.</param>
    public static Vector256<byte> OfWord(ReadOnlySpan<byte> buffer, int length)
    {
        if (length > MaxBytes)
        {
            return default;
        }

        var key = KeyOf(buffer, length);
        for (var slot = SlotOf(key); Keys[slot] != 0; slot = (slot + 1) & (Slots - 1))
        {
            if (Keys[slot] == key)
            {
                return Weights[slot];
            }
        }

        return default;
    }

    /// <summary>Zero for a letter that tells nothing.</summary>
    public static Vector256<byte> OfLetter(char letter) =>
        letter <= LastLetter ? LetterWeights[Letters[letter]] : default;

    private static IEnumerable<IGrouping<T, int>> LanesBy<T>(
        Func<(string Code, Script Script, string Words, string Letters), IEnumerable<T>> parts
    ) =>
        Table
            .SelectMany((row, lane) => parts(row).Distinct().Select(part => (part, lane)))
            .GroupBy(entry => entry.part, entry => entry.lane);

    private static string Fold(string word)
    {
        var term = new TermBuffer(stackalloc byte[TermBuffer.MaxLength]);
        var hash = TermBuffer.EmptyHash;
        foreach (var rune in word.EnumerateRunes())
        {
            term.AppendFolded(rune, ref hash);
        }

        return Encoding.UTF8.GetString(term.Written);
    }

    private static void Put(string word, Vector256<byte> weights)
    {
        Span<byte> buffer = stackalloc byte[TermBuffer.MaxLength];
        buffer.Clear();
        var length = Encoding.UTF8.GetBytes(word, buffer);
        var key = KeyOf(buffer, length);
        var slot = SlotOf(key);
        while (Keys[slot] != 0)
        {
            slot = (slot + 1) & (Slots - 1);
        }

        (Keys[slot], Weights[slot]) = (key, weights);
    }

    private static Vector256<byte> Shared(int[] lanes, int weight)
    {
        var shared = Vector256<byte>.Zero;
        foreach (var lane in lanes)
        {
            shared = shared.WithElement(lane, (byte)(weight / lanes.Length));
        }

        return shared;
    }

    private static ulong KeyOf(ReadOnlySpan<byte> buffer, int length)
    {
        var first = BinaryPrimitives.ReadUInt64LittleEndian(buffer);
        var second = BinaryPrimitives.ReadUInt64LittleEndian(buffer[8..]);
        if (length < 8)
        {
            return (first & ((1UL << (8 * length)) - 1)) | 1UL << 63;
        }

        second &= length == MaxBytes ? ulong.MaxValue : (1UL << (8 * (length - 8))) - 1;
        return BitOperations.RotateLeft(first * 0x9E3779B97F4A7C15 ^ second, 29) | 1UL << 63;
    }

    private static int SlotOf(ulong key) => (int)((key * 0x9E3779B97F4A7C15) >> 52);
}
