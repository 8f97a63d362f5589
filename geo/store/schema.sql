-- A plan in a store. {plan} is its schema, {head} that of the plan that it is a
-- part of (its own where it is none), {gis} that of PostGIS.

-- what the plan is, and the version that was written last
create table {plan}.plan (
  schema_version integer not null,
  head text not null,
  parts text[] not null,
  version bigint not null default 0,
  one_row boolean primary key default true check (one_row)
);

create table {plan}.versions (
  version bigint primary key,
  at timestamptz not null default clock_timestamp(),
  role text not null default session_user,
  who text,
  via text,
  note text,
  transaction xid8 not null unique default pg_current_xact_id()
);

create table {plan}.releases (
  name text primary key check (name <> '' and name !~ '^v[0-9]+$'),
  version bigint not null references {plan}.versions,
  at timestamptz not null default clock_timestamp(),
  role text not null default session_user,
  who text,
  errors integer not null
);

create table {plan}.history (
  number bigint generated always as identity primary key,
  version bigint not null,
  tab text not null,
  key text not null,
  before jsonb,
  after jsonb
);
create index on {plan}.history (version);
create index on {plan}.history (tab, key);

-- words that plan.toml allows; written by beltmap whenever it writes that file
create table {plan}.vocabulary (
  list text not null,
  code text not null,
  name_en text,
  name_zh text,
  primary key (list, code)
);

create sequence {plan}.positions;

-- one writer of a plan at a time: versions follow each other as their commits do
create function {plan}.hold() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform 1 from {head}.plan for update;
  return null;
end $$;

-- one transaction makes one version, however many rows it changes
create function {plan}.next_version() returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  found_version bigint;
begin
  select version into found_version from {head}.versions
    where transaction = pg_current_xact_id();
  if found_version is null then
    update {head}.plan set version = version + 1 returning version into found_version;
    insert into {head}.versions (version, who, via, note) values (
      found_version,
      nullif(current_setting('beltmap.who', true), ''),
      nullif(current_setting('application_name', true), ''),
      nullif(current_setting('beltmap.note', true), '')
    );
  end if;
  return found_version;
end $$;

-- who writes a version that is not the row's own has changed an older one; QGIS
-- sends what differs only, and so the version that it read with a minus before it
create function {plan}.number() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  other record;
begin
  if tg_op = 'UPDATE' then
    new.version := abs(new.version);
    select * into other from {head}.versions v where v.version = old.version;
    if other.transaction = pg_current_xact_id() then
      -- a second change within one transaction is no other editor's
      new.version := old.version;
    end if;
    if new.version is distinct from old.version then
      raise exception using
        errcode = 'BM409',
        message = format(
          '%s %s: you changed version %s, but it is at version %s by now (%s, %s)'
          ' · 您修改的是第%s版，现已是第%s版',
          tg_table_name, to_jsonb(old) ->> tg_argv[0], new.version, old.version,
          coalesce(other.who, other.role), to_char(other.at, 'YYYY-MM-DD HH24:MI:SS'),
          new.version, old.version),
        detail = json_build_object(
          'table', tg_table_name, 'key', to_jsonb(old) ->> tg_argv[0],
          'mine', new.version, 'theirs', old.version,
          'who', coalesce(other.who, other.role))::text;
    end if;
    if not (new *<> old) then
      return new;
    end if;
  end if;
  new.version := {head}.next_version();
  return new;
end $$;

create function {plan}.record() returns trigger
language plpgsql security definer set search_path = pg_catalog, {gis}, pg_temp as $$
declare
  before jsonb;
  after jsonb;
begin
  if tg_op <> 'INSERT' then
    before := to_jsonb(old) - 'version' - 'geom';
    if tg_table_name = 'zones' then
      before := before || jsonb_build_object('geom', ST_AsGeoJSON(old.geom, 15)::jsonb);
    end if;
  end if;
  if tg_op <> 'DELETE' then
    after := to_jsonb(new) - 'version' - 'geom';
    if tg_table_name = 'zones' then
      after := after || jsonb_build_object('geom', ST_AsGeoJSON(new.geom, 15)::jsonb);
    end if;
  end if;
  if before is not distinct from after then
    return null;
  end if;
  if before ->> tg_argv[0] <> after ->> tg_argv[0] then
    -- another key is another row
    insert into {plan}.history (version, tab, key, before, after) values
      ({head}.next_version(), tg_table_name, before ->> tg_argv[0], before, null),
      ({head}.next_version(), tg_table_name, after ->> tg_argv[0], null, after);
  else
    insert into {plan}.history (version, tab, key, before, after) values (
      {head}.next_version(), tg_table_name,
      coalesce(after, before) ->> tg_argv[0], before, after);
  end if;
  return null;
end $$;

-- what is written down of the past stays as it is, and no row goes unseen
create function {plan}.refuse() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception using
    errcode = 'insufficient_privilege',
    message = format('%s cannot be changed · 历史记录不可更改', tg_table_name);
end $$;

-- a zone that is drawn anew by hand says how large it is now
create function {plan}.measure() returns trigger
language plpgsql set search_path = pg_catalog, {gis}, pg_temp as $$
begin
  if current_setting('beltmap.exact', true) = 'on' then
    return new;
  end if;
  if tg_op = 'INSERT' and new.drawn_area_km2 is not null then
    return new;
  end if;
  if tg_op = 'UPDATE' then
    if new.drawn_area_km2 is distinct from old.drawn_area_km2
      or new.geom::bytea is not distinct from old.geom::bytea then
      return new;
    end if;
  end if;
  new.drawn_area_km2 := round((ST_Area(new.geom::geography) / 1e6)::numeric, 6);
  return new;
end $$;

-- values of which plan.toml and the sectors say what they may be
create function {plan}.listed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  wrong record;
begin
  -- who clears a cell in QGIS may leave an empty text
  new.sectors := nullif(new.sectors, '');
  new.patterns := nullif(new.patterns, '');
  new.source := nullif(new.source, '');
  if (tg_op = 'INSERT' or new.source is distinct from old.source)
    and exists (select from {plan}.sources)
    and not exists (
      select from {plan}.sources s where s.id = trim(split_part(new.source, ',', 1))) then
    if new.source is not null then
      raise exception using
        errcode = 'check_violation',
        message = format('zones %s: there is no source "%s" · 没有来源“%s”',
          new.id, new.source, new.source);
    end if;
  end if;
  select said.list, said.code into wrong from (
    select 'kind' as list, new.kind as code
    union all select 'status', new.status
    union all select 'city', new.city
    union all select 'patterns', unnest(string_to_array(new.patterns, ';'))
    union all select 'sectors', unnest(string_to_array(new.sectors, ';'))
  ) as said
  where said.code is not null
    -- what stood there before this rule may stay
    and (tg_op = 'INSERT' or to_jsonb(new) -> said.list <> to_jsonb(old) -> said.list
      or to_jsonb(old) ->> said.list is null)
    and (said.list in ('kind', 'status', 'sectors') or exists (
      select from {plan}.vocabulary v where v.list = said.list))
    and not exists (
      select from {plan}.vocabulary v where (v.list, v.code) = (said.list, said.code))
    and not (said.list = 'sectors' and exists (
      select from {plan}.sectors s where s.code = said.code))
  limit 1;
  if found then
    raise exception using
      errcode = 'check_violation',
      message = format('zones %s: %s "%s" is not in the lists of the plan'
        ' · 规划的取值表中没有“%s”', new.id, wrong.list, wrong.code, wrong.code);
  end if;
  return new;
end $$;

-- words that are used stay; asked at the end, when what used them may be gone as well
create function {plan}.used() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  found_id text;
begin
  if exists (select from {plan}.sectors s where s.code = old.code)
    or exists (select from {plan}.vocabulary v
      where (v.list, v.code) = ('sectors', old.code)) then
    return null;
  end if;
  select id into found_id from (
    select id, sectors as codes from {plan}.zones
    union all select id, text from {plan}.claims where attribute = 'sectors'
  ) as users
  where old.code = any (string_to_array(codes, ';')) limit 1;
  if found then
    raise exception using
      errcode = 'check_violation',
      message = format('sectors %s: %s needs it · %s 仍在使用它',
        old.code, found_id, found_id);
  end if;
  return null;
end $$;

-- a point is its longitude and latitude, whichever of them is changed
create function {plan}.place() returns trigger
language plpgsql set search_path = pg_catalog, {gis}, pg_temp as $$
declare
  moved boolean := new.geom is not null;
begin
  if tg_op = 'UPDATE' then
    moved := new.geom::bytea is distinct from old.geom::bytea;
  end if;
  if moved and (tg_op = 'UPDATE' or new.lon is null) then
    new.lon := round(ST_X(new.geom)::numeric, 7);
    new.lat := round(ST_Y(new.geom)::numeric, 7);
  end if;
  new.geom := ST_SetSRID(ST_MakePoint(new.lon, new.lat), 4326);
  return new;
end $$;

revoke all on all functions in schema {plan} from public;
